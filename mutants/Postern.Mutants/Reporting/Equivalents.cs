using Postern.Mutants.Rewriting;

namespace Postern.Mutants.Reporting;

/// <summary>Mutants that behave as the code does, so that no test can tell: mutants/equivalent.tsv, with a reason each.</summary>
internal sealed class Equivalents
{
    private readonly HashSet<(string, string, string, string)> _keys = [];
    private readonly HashSet<(string, string, string, string)> _met = [];

    /// <summary>An empty list.</summary>
    public static Equivalents None => new();

    /// <summary>Takes the lines of one target.</summary>
    public static Equivalents Of(string path, string target)
    {
        var list = new Equivalents();
        foreach (string[] row in Table.Read(path, columns: 6))
        {
            if (row[0] == target) list._keys.Add((row[1], row[2], row[3], row[4]));
            if (row[5].Length == 0) throw new InvalidDataException($"{path}: no reason why {row[4]} is the same.");
        }
        return list;
    }

    public bool Has(Mutant mutant)
    {
        if (!_keys.Contains(mutant.Key)) return false;
        _met.Add(mutant.Key);
        return true;
    }

    /// <summary>Lines that no mutant answers to any more.</summary>
    public IEnumerable<string> Unmet => _keys.Except(_met).Select(key => $"{key.Item1}: {key.Item3} -> {key.Item4}");
}
