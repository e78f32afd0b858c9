using Postern.Mutants.Compiling;
using Postern.Mutants.Reporting;
using Postern.Mutants.Rewriting;
using Postern.Mutants.Running;

namespace Postern.Mutants;

/// <summary>Judges the tests of one target: compiles it with its mutants, and has the tests look for each.</summary>
/// <param name="root">The tree's root; the test projects are built.</param>
/// <param name="target">What is judged.</param>
/// <param name="tell">Receives a line now and then.</param>
internal sealed class TargetRun(string root, Target target, Action<string> tell)
{
    /// <summary>How much testing a mutant is worth, in milliseconds per test project.</summary>
    public int MaxMilliseconds { get; init; } = 30_000;

    /// <summary>Mutants that a run before this one left alive; null to take all.</summary>
    public IReadOnlySet<(string, string, string, string)>? Only { get; init; }

    /// <summary>The one class of tests that is asked; null for all.</summary>
    public string? OnlyClass { get; init; }

    private string Folder => Path.Join(root, "out/mutants", target.Name);

    /// <summary>How many mutants the compiler refused, and how many are known to change nothing.</summary>
    public (int Refused, int Equivalent) LeftOut { get; private set; }

    public Report Run(Equivalents equivalents)
    {
        var project = new MutatedProject(target.Assembly, ProjectSources.Of(root, target));
        using var assembly = new MemoryStream();
        project.Emit(ProjectSources.References(Built(target.Tests[0]), target.Assembly), assembly);
        var compiled = project.Mutants.ToList();
        var mutants = compiled.Where(mutant => !equivalents.Has(mutant)).ToList();
        LeftOut = (project.Refused, compiled.Count - mutants.Count);
        if (Only is not null) mutants.RemoveAll(mutant => !Only.Contains(mutant.Key));
        tell($"{target.Name}: {mutants.Count} mutants, {LeftOut.Refused} more do not compile, {LeftOut.Equivalent} more change nothing");
        Dictionary<Mutant, Verdict> verdicts = mutants.ToDictionary(mutant => mutant, _ => new Verdict(Fate.Unreached));
        foreach (string tests in target.Tests) Ask(tests, assembly.ToArray(), verdicts);
        return new Report([.. mutants.Select(mutant => (mutant, verdicts[mutant]))]);
    }

    private string Built(string tests) => Path.Join(root, "artifacts/bin", tests, "debug");

    private void Ask(string tests, byte[] assembly, Dictionary<Mutant, Verdict> verdicts)
    {
        string folder = Path.Join(Folder, tests);
        Prepare(folder, tests, assembly);
        using var worker = new TestWorker(folder, tests, target.Assembly, OnlyClass);
        var coverage = Coverage.Of(worker);
        tell($"{target.Name}: {coverage.Cases} test cases of {tests}, {coverage.Unfit.Count} unfit{string.Concat(coverage.Unfit.Select(name => $"\n  {name}"))}");
        var hunt = new Hunt(worker, coverage, MaxMilliseconds);
        int done = 0;
        var alive = verdicts.Where(entry => entry.Value.IsAlive).Select(entry => entry.Key).ToList();
        foreach (var mutant in alive)
        {
            var verdict = hunt.Judge(mutant);
            // What one project ran through and another never reaches has survived.
            if (verdict.Fate != Fate.Unreached) verdicts[mutant] = verdict;
            if (++done % 100 == 0) tell($"{target.Name}: {done} of {alive.Count}, {verdicts.Values.Count(known => known.IsAlive)} alive or waiting, {worker.Starts} processes");
        }
    }

    private void Prepare(string folder, string tests, byte[] assembly)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Copy(Built(tests), folder);
        File.WriteAllBytes(Path.Join(folder, $"{target.Assembly}.dll"), assembly);
        string worker = Path.Join(root, "artifacts/bin/Postern.Mutants.Worker/debug/Postern.Mutants.Worker.dll");
        File.Copy(worker, Path.Join(folder, Path.GetFileName(worker)));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Join(to, Path.GetFileName(file)));
        foreach (string folder in Directory.EnumerateDirectories(from)) Copy(folder, Path.Join(to, Path.GetFileName(folder)));
    }
}
