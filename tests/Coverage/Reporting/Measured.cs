namespace Postern.Coverage.Reporting;

/// <summary>A line with code. It is covered when every statement that begins on it has run.</summary>
internal sealed record MeasuredLine(string File, int Line, bool IsCovered);

/// <summary>A way out of a decision.</summary>
internal sealed record MeasuredBranch(string File, int Line, int Column, string Name, bool IsCovered);

/// <summary>How much of some methods was run.</summary>
internal sealed record Measured(IReadOnlyList<MeasuredLine> Lines, IReadOnlyList<MeasuredBranch> Branches)
{
    /// <param name="probes">The probes of the methods.</param>
    /// <param name="isHit">Whether one was passed.</param>
    public static Measured Of(IReadOnlyList<Probe> probes, Func<Probe, bool> isHit) => new(
        [
            .. from probe in probes
               where !probe.IsBranch
               group probe by (probe.File, probe.Line) into line
               orderby line.Key.File, line.Key.Line
               select new MeasuredLine(line.Key.File, line.Key.Line, line.All(isHit)),
        ],
        [
            .. from probe in probes
               where probe.IsBranch
               orderby probe.File, probe.Line, probe.Column, probe.Name
               select new MeasuredBranch(probe.File, probe.Line, probe.Column, probe.Name, isHit(probe)),
        ]);

    /// <summary>"src/core/Postern.Spool" and the like.</summary>
    public IEnumerable<(string Project, Measured Part)> PerProject() =>
        from project in Lines.Select(line => ProjectOf(line.File)).Distinct().Order(StringComparer.Ordinal)
        select (project, new Measured([.. Lines.Where(line => ProjectOf(line.File) == project)], [.. Branches.Where(branch => ProjectOf(branch.File) == project)]));

    private static string ProjectOf(string file) => file.Split('/')[2];
}
