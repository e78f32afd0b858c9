using System.Globalization;
using Postern.Mutants.Rewriting;
using Postern.Mutants.Running;

namespace Postern.Mutants.Reporting;

/// <summary>What became of all mutants of a target.</summary>
/// <param name="verdicts">Each mutant and its fate.</param>
internal sealed class Report(IReadOnlyList<(Mutant Mutant, Verdict Verdict)> verdicts)
{
    public const string Header = "target          mutants  killed  timed-out  crashed  survived  unreached   score";

    public IReadOnlyList<(Mutant Mutant, Verdict Verdict)> Verdicts => verdicts;

    public int Alive => verdicts.Count(entry => entry.Verdict.IsAlive);

    /// <summary>Of a hundred mutants, how many were noticed; rounded down, so that no rounding flatters.</summary>
    public double Score => verdicts.Count == 0 ? 0 : Math.Floor(1000.0 * (verdicts.Count - Alive) / verdicts.Count) / 10;

    public string Line(string target) => string.Create(CultureInfo.InvariantCulture,
        $"{target,-14} {verdicts.Count,8} {Count(Fate.Killed),7} {Count(Fate.TimedOut),10} {Count(Fate.Crashed),8} {Count(Fate.Survived),9} {Count(Fate.Unreached),10} {Score,6:F1}%");

    /// <summary>Writes all, and those that are alive for who wants to read them.</summary>
    public void Write(string all, string alive)
    {
        const string Columns = "fate\tfile\tline\tmember\twas\tbecomes";
        File.WriteAllLines(all, verdicts.Select(Row).Prepend($"{Columns}\tby"));
        File.WriteAllLines(alive, verdicts.Where(entry => entry.Verdict.IsAlive).Select(Row).Prepend($"{Columns}\tby"));
    }

    private static string Row((Mutant Mutant, Verdict Verdict) entry) => string.Join('\t',
        entry.Verdict.Fate, entry.Mutant.File, entry.Mutant.Line.ToString(CultureInfo.InvariantCulture), entry.Mutant.Member,
        entry.Mutant.Was, entry.Mutant.Becomes, entry.Verdict.By);

    private int Count(Fate fate) => verdicts.Count(entry => entry.Verdict.Fate == fate);
}
