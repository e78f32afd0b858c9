using System.Globalization;

namespace Postern.Coverage.Reporting;

/// <summary>Says how much of the trusted base was run, and writes down what was not.</summary>
internal static class Report
{
    /// <summary>Percent of the lines, in each part and together.</summary>
    private const double LinesFloor = 95;

    /// <summary>Percent of the ways out of decisions, in each part and together.</summary>
    private const double BranchesFloor = 90;

    public static int Run(string output, string binaries, string exceptions)
    {
        ProbeTable table = ProbeTable.Read(output);
        bool[] hits = SharedHits.Read(table.Key, table.Probes.Count);
        HashSet<Probe> passed = [.. table.Probes.Where((_, index) => hits[index])];
        ILookup<(string, int), Probe> byMethod = table.Probes.ToLookup(probe => (probe.Assembly, probe.Method));
        bool isBelow = false;
        Console.WriteLine($"{"",-62} {"lines",13} {"",7} {"branches",13}");
        foreach (TrustedPart part in TrustedPart.All(binaries))
        {
            Measured measured = Measured.Of([.. part.Methods.SelectMany(method => byMethod[method])], passed.Contains);
            isBelow |= Print(part.Name, measured, isPart: true);
            foreach ((string project, Measured ofProject) in measured.PerProject())
            {
                Print("    " + project, ofProject, isPart: false);
            }

            if (part.Name == "together")
            {
                Missing.Write(output, measured);
                isBelow |= !Missing.AreExplained(exceptions, measured);
            }
        }

        Console.WriteLine(isBelow
            ? $"Below {LinesFloor} % of the lines or {BranchesFloor} % of the branches: out/coverage/lines.tsv and branches.tsv have what did not run."
            : "What did not run is in out/coverage/lines.tsv and branches.tsv.");
        return isBelow ? 1 : 0;
    }

    private static bool Print(string name, Measured measured, bool isPart)
    {
        (int lines, int allLines) = (measured.Lines.Count(line => line.IsCovered), measured.Lines.Count);
        (int branches, int allBranches) = (measured.Branches.Count(branch => branch.IsCovered), measured.Branches.Count);
        (double linePart, double branchPart) = (Percent(lines, allLines), Percent(branches, allBranches));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-62} {lines,6}/{allLines,-6} {linePart,6:F1}% {branches,6}/{allBranches,-6} {branchPart,6:F1}%"));
        return isPart && (linePart < LinesFloor || branchPart < BranchesFloor);
    }

    private static double Percent(int covered, int all) => all == 0 ? 100 : 100.0 * covered / all;
}
