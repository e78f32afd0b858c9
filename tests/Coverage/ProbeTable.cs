using System.Globalization;

namespace Postern.Coverage;

/// <summary>A place in the compiled code that is noted when it is passed: where a statement begins, or one way out of a decision.</summary>
/// <param name="Assembly">The assembly's name.</param>
/// <param name="Method">The method's row in the assembly's table of methods.</param>
/// <param name="IsBranch">A way out of a decision.</param>
/// <param name="File">Below the repository's root.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1; with the line it tells statements apart.</param>
/// <param name="Name">Which way out of which decision of the statement; for a statement "-".</param>
internal sealed record Probe(string Assembly, int Method, bool IsBranch, string File, int Line, int Column, string Name);

/// <summary>All probes of all instrumented assemblies, in the order of their bytes in the shared memory.</summary>
internal sealed record ProbeTable(int Key, IReadOnlyList<Probe> Probes)
{
    private const string FileName = "probes.tsv";

    public static ProbeTable Read(string folder)
    {
        string[] lines = File.ReadAllLines(Path.Join(folder, FileName));
        return new ProbeTable(Number(lines[0]), [.. lines.Skip(1).Select(Parse)]);
    }

    public void Write(string folder) =>
        File.WriteAllLines(Path.Join(folder, FileName), Probes.Select(Format).Prepend(Key.ToString(CultureInfo.InvariantCulture)));

    private static Probe Parse(string line)
    {
        string[] fields = line.Split('\t');
        return new Probe(fields[0], Number(fields[1]), fields[2] == "branch", fields[3], Number(fields[4]), Number(fields[5]), fields[6]);
    }

    private static string Format(Probe probe) => string.Create(
        CultureInfo.InvariantCulture,
        $"{probe.Assembly}\t{probe.Method}\t{(probe.IsBranch ? "branch" : "statement")}\t{probe.File}\t{probe.Line}\t{probe.Column}\t{probe.Name}");

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
