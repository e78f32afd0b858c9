using Microsoft.CodeAnalysis.CSharp.Syntax;
using Postern.Architecture.Tree;

namespace Postern.Architecture.Documents;

/// <summary>docs/hostile.tsv says for both ends of every channel which tests play the other end taken over.</summary>
internal static class HostileRules
{
    /// <summary>Where the graph of who may talk to whom stands.</summary>
    public const string Graph = "src/programs/posternd/ProgramTable.cs";

    /// <summary>The ends that posternd makes when a deliver is started: they stand in no table.</summary>
    public static readonly (string Receiver, string Hostile)[] Started = [("local", "deliver"), ("deliver", "local")];

    /// <summary>Both ends of each channel in the table: who receives, and from whom.</summary>
    /// <param name="source">The source of the table.</param>
    public static IEnumerable<(string Receiver, string Hostile)> EndsOf(SourceFile source)
    {
        FieldDeclarationSyntax channels = source.Root.DescendantNodes().OfType<FieldDeclarationSyntax>()
            .Single(field => field.Declaration.Variables.Single().Identifier.Text == "Channels");
        foreach (ImplicitObjectCreationExpressionSyntax made in channels.DescendantNodes().OfType<ImplicitObjectCreationExpressionSyntax>())
        {
            string[] names = [.. made.ArgumentList.Arguments.Take(2).Select(argument => ((MemberAccessExpressionSyntax)argument.Expression).Name.Identifier.Text.ToLowerInvariant())];
            yield return (names[0], names[1]);
            yield return (names[1], names[0]);
        }
    }

    /// <summary>What is wrong with the table: ends that are not in it, twice, or of no channel, and tests that are not in the tree.</summary>
    /// <param name="table">The table.</param>
    /// <param name="ends">The ends that there are.</param>
    /// <param name="tests">The tests of the tree.</param>
    public static IEnumerable<string> Mistakes(IReadOnlyList<string[]> table, IReadOnlyCollection<(string Receiver, string Hostile)> ends, IReadOnlySet<string> tests)
    {
        HashSet<(string Receiver, string Hostile)> listed = [];
        foreach (string[] row in table)
        {
            if (!listed.Add((row[0], row[1])))
            {
                yield return $"What {row[0]} gets from {row[1]} is listed twice.";
            }

            if (!ends.Contains((row[0], row[1])))
            {
                yield return $"{row[0]} gets nothing from {row[1]}.";
            }

            foreach (string test in row[2].Split(", ").Where(test => !tests.Contains(test)))
            {
                yield return $"{row[0]} and {row[1]} name {test}, which is no test.";
            }
        }

        foreach ((string receiver, string hostile) in ends.Except(listed))
        {
            yield return $"No test plays {hostile}, taken over, against {receiver}.";
        }
    }
}
