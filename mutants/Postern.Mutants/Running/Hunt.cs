using Postern.Mutants.Rewriting;

namespace Postern.Mutants.Running;

/// <summary>Runs tests against mutants.</summary>
/// <param name="worker">The process.</param>
/// <param name="coverage">Which tests reach what.</param>
/// <param name="maxMilliseconds">How much testing a mutant is worth: the slowest tests beyond it are left out.</param>
internal sealed class Hunt(TestWorker worker, Coverage coverage, int maxMilliseconds)
{
    public Verdict Judge(Mutant mutant)
    {
        var cases = Worthwhile(coverage.Reaching(mutant.Place));
        if (cases.Count == 0) return new Verdict(Fate.Unreached);
        var verdict = Run(mutant, cases, out bool stained);
        if (!stained) return verdict;
        // It may have been an earlier mutant that left something behind: once more, in a process of its own.
        worker.End();
        verdict = Run(mutant, cases, out _);
        worker.End();
        return verdict;
    }

    private List<TestCase> Worthwhile(IReadOnlyList<TestCase> cases)
    {
        List<TestCase> chosen = [];
        int sum = 0;
        foreach (var found in cases.OrderBy(found => found.Milliseconds))
        {
            sum += found.Milliseconds;
            if (sum > maxMilliseconds && chosen.Count > 0) break;
            chosen.Add(found);
        }
        return [.. chosen.OrderBy(found => found.Rank)];
    }

    private Verdict Run(Mutant mutant, List<TestCase> cases, out bool stained)
    {
        stained = false;
        worker.Send($"run {mutant.Id} {string.Join(' ', cases.Select(found => found.Number))}");
        TestCase? at = null;
        while (true)
        {
            string? line = worker.Receive(at is null ? Allowance.Start : Allowance.For(at.Milliseconds), out bool late);
            if (line is null && at is null) throw new InvalidOperationException("The tests' process did not begin.");
            if (line is null) return Noticed(late ? Fate.TimedOut : Fate.Crashed, at);
            string[] words = line.Split(' ');
            if (words[0] == "survived") return new Verdict(Fate.Survived);
            if (words[0] == "at") at = cases.Single(found => found.Number == Allowance.Parse(words[1]));
            if (words[0] != "killed") continue;
            stained = words[2] == "stained";
            return Noticed(Fate.Killed, at);
        }
    }

    private static Verdict Noticed(Fate fate, TestCase? by)
    {
        if (by is not null) by.Kills++;
        return new Verdict(fate, by?.Name ?? "");
    }
}
