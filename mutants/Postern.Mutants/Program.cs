using Postern.Mutants;
using Postern.Mutants.Reporting;

// usage: Postern.Mutants ROOT [--survivors] [--seconds N] [TARGET...]
// --survivors asks only about mutants that the last run left alive, for who writes the tests that they lack.
string root = args[0];
bool survivors = args.Contains("--survivors");
int seconds = Array.IndexOf(args, "--seconds") is > 0 and int at ? int.Parse(args[at + 1], System.Globalization.CultureInfo.InvariantCulture) : 30;
string[] names = [.. args.Skip(1).Where(word => !word.StartsWith("--", StringComparison.Ordinal) && !int.TryParse(word, out _))];
var all = Target.ReadAll(Path.Join(root, "mutants/targets.tsv"));
if (names.FirstOrDefault(name => all.All(target => target.Name != name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no target {unknown}; these are: {string.Join(' ', all.Select(target => target.Name))}");
    return 64;
}

bool stale = false;
List<string> lines = [];
foreach (var target in all.Where(target => names.Length == 0 || names.Contains(target.Name)))
{
    string results = Path.Join(root, "out/mutants", target.Name);
    Directory.CreateDirectory(results);
    string alive = $"{results}.tsv";
    var equivalents = Equivalents.Of(Path.Join(root, "mutants/equivalent.tsv"), target.Name);
    var run = new TargetRun(root, target, Console.Error.WriteLine)
    {
        MaxMilliseconds = 1000 * seconds,
        Only = survivors ? Table.Read(alive, columns: 7).Select(row => (row[1], row[3], row[4], row[5])).ToHashSet() : null,
    };
    var report = run.Run(equivalents);
    report.Write(Path.Join(results, "all.tsv"), alive);
    foreach (string line in equivalents.Unmet)
    {
        stale = true;
        Console.Error.WriteLine($"mutants/equivalent.tsv: no mutant of {target.Name} is {line}");
    }
    lines.Add(report.Line(target.Name));
}
Console.WriteLine(Report.Header);
foreach (string line in lines) Console.WriteLine(line);
Console.WriteLine(survivors ? "Of what survived the last run only; what is still alive:" : "What is alive:");
Console.WriteLine("  out/mutants/TARGET.tsv");
return stale ? 1 : 0;
