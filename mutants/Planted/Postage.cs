namespace Postern.Planted;

/// <summary>A small sample for the tests of the mutants: what a letter costs.</summary>
public static class Postage
{
    /// <summary>The heaviest letter, in grams.</summary>
    public const int MaxGrams = 500;

    /// <summary>The price in cents; 0 for what is no letter.</summary>
    /// <param name="grams">The weight.</param>
    public static int Of(int grams)
    {
        if (grams < 1 || grams > MaxGrams) return 0;
        int steps = 0;
        for (int rest = grams; rest > 0; rest -= 100) steps++;
        return 85 + (20 * steps);
    }

    /// <summary>What is left when as many full letters as possible are sent.</summary>
    public static int Rest(int grams)
    {
        while (grams > MaxGrams) grams -= MaxGrams;
        return grams;
    }

    /// <summary>True when two letters cost the same.</summary>
    public static bool AreAlike(int grams, int others) => Of(grams) == Of(others);

    /// <summary>Nobody asks for this one.</summary>
    public static bool IsBulky(int millimetres) => millimetres > 5;
}
