namespace Postern.Mutants.Rewriting;

/// <summary>The part of the mutated assembly that says which mutant is at work and which places were reached.</summary>
internal static class Switch
{
    public const string Name = "global::Postern.Mutants.Switch";

    /// <summary>Its source.</summary>
    /// <param name="places">How many places there are.</param>
    public static string Source(int places) => $$"""
        namespace Postern.Mutants
        {
            internal static class Switch
            {
                internal static int Active;
                internal static readonly byte[] Reached = new byte[{{places}}];

                internal static bool Is(int mutant) => Active == mutant;

                // For what has no statements: it reports and asks in one.
                internal static bool Is(int mutant, int place)
                {
                    Reach(place);
                    return Is(mutant);
                }

                internal static void Reach(int place) => Reached[place] = 1;
            }
        }
        """;
}
