using System.Globalization;
using Postern.Architecture.Tree;

namespace Postern.Architecture.Sizes;

/// <summary>One measured thing: what was measured, of whom, and how much it is.</summary>
internal readonly record struct Measurement(string Measure, string Subject, int Value);

/// <summary>The limits of eng/budgets.tsv: one per measure for everybody ("*"), and exceptions for a named subject with a reason.</summary>
internal sealed class Budgets
{
    private const string Everybody = "*";

    private readonly Dictionary<(string Measure, string Subject), int> _limits = [];

    public static Budgets Parse(string text)
    {
        Budgets budgets = new();
        foreach (string[] row in TabTable.Parse(text, columns: 4))
        {
            int limit = int.Parse(row[2], NumberStyles.None, CultureInfo.InvariantCulture);
            if (!budgets._limits.TryAdd((row[0], row[1]), limit))
            {
                throw new FormatException($"Twice in the budgets: {row[0]} of {row[1]}.");
            }
        }

        return budgets;
    }

    /// <summary>What is over its limit. A measure without a limit is a mistake in the table and throws.</summary>
    public IEnumerable<string> Exceeded(IEnumerable<Measurement> measurements)
    {
        foreach ((string measure, string subject, int value) in measurements)
        {
            if (!_limits.TryGetValue((measure, subject), out int limit))
            {
                limit = _limits[(measure, Everybody)];
            }

            if (value > limit)
            {
                yield return $"{subject}: {measure} is {value}, the limit {limit}.";
            }
        }
    }

    /// <summary>Exceptions that nothing needs any more: their subject is gone, or within the limit for everybody.</summary>
    public IEnumerable<string> Unneeded(IEnumerable<Measurement> measurements)
    {
        // Overloads share a subject: the largest of them needs the exception.
        Dictionary<(string, string), int> values = measurements
            .GroupBy(one => (one.Measure, one.Subject), one => one.Value)
            .ToDictionary(same => same.Key, same => same.Max());
        return
            from entry in _limits
            where entry.Key.Subject != Everybody && _limits.TryGetValue((entry.Key.Measure, Everybody), out int general)
                && !(values.TryGetValue(entry.Key, out int value) && value > general)
            select $"{entry.Key.Subject}: the exception for {entry.Key.Measure} is not needed.";
    }
}
