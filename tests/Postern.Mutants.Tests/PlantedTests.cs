using Postern.Mutants.Reporting;
using Postern.Mutants.Running;

namespace Postern.Mutants.Tests;

/// <summary>The whole way, with a sample whose tests are weak or strong on purpose: compile, run in a process of its own, report.</summary>
public sealed class PlantedTests
{
    [Fact]
    public void WeakTests_LeaveMutantsAlive()
    {
        var fates = Fates("WeakPostageTests");
        // It notices that nothing comes back, and what it never asks about is told apart from what it ran through.
        Assert.Equal(Fate.Killed, fates["return 85 + (20 * steps); -> return default!;"]);
        Assert.Equal(Fate.Survived, fates["grams < 1 -> grams <= 1"]);
        Assert.Equal(Fate.Survived, fates["steps++; -> ;"]);
        Assert.Equal(Fate.Unreached, fates["millimetres > 5 -> millimetres >= 5"]);
    }

    [Fact]
    public void StrongTests_LeaveNoneAlive_OfWhatTheyAskAbout()
    {
        var fates = Fates("StrongPostageTests");
        Assert.Equal(Fate.Killed, fates["grams < 1 -> grams <= 1"]);
        Assert.Equal(Fate.Killed, fates["steps++; -> ;"]);
        // A loop that never ends is ended.
        Assert.Equal(Fate.TimedOut, fates["grams -= MaxGrams; -> ;"]);
        Assert.All(fates.Where(fate => fate.Value is Fate.Survived or Fate.Unreached), alive => Assert.Contains("millimetres", alive.Key, StringComparison.Ordinal));
    }

    [Fact]
    public void AReasonedExceptionIsLeftOut_AndOneThatNothingAnswersToIsNamed()
    {
        string list = Path.GetTempFileName();
        File.WriteAllLines(list,
        [
            "planted\tPostage.cs\tPostage.Of\tgrams < 1\tgrams <= 1\ta reason",
            "planted\tPostage.cs\tPostage.Of\tgrams < 7\tgrams <= 7\tthe code was like this once",
            "other\tPostage.cs\tPostage.Of\tgrams < 8\tgrams <= 8\tof another target",
        ]);
        var equivalents = Equivalents.Of(list, "planted");
        File.Delete(list);
        var run = Planted("WeakPostageTests");
        var report = run.Run(equivalents);
        Assert.Equal(1, run.LeftOut.Equivalent);
        Assert.DoesNotContain(report.Verdicts, entry => entry.Mutant.Becomes == "grams <= 1");
        Assert.Equal(["Postage.cs: grams < 7 -> grams <= 7"], equivalents.Unmet);
    }

    private static TargetRun Planted(string tests)
    {
        var target = new Target($"planted-{tests}", "mutants/Planted", ["."], ["Postern.Mutants.Tests"]);
        return new TargetRun(Repository.Root, target, _ => { }) { OnlyClass = $"Postern.Mutants.Tests.Planted.{tests}" };
    }

    private static Dictionary<string, Fate> Fates(string tests) => Planted(tests).Run(Equivalents.None).Verdicts
        .GroupBy(entry => $"{entry.Mutant.Was} -> {entry.Mutant.Becomes}")
        .ToDictionary(same => same.Key, same => same.Min(entry => entry.Verdict.Fate));
}
