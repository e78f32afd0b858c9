namespace Postern.Architecture.Dependencies;

/// <summary>A row of the table in docs/architecture.md: what a project uses, and nothing else.</summary>
internal sealed record DependencyRow(string Project, IReadOnlyList<string> References, IReadOnlyList<string> Packages);

/// <summary>Reads the dependency table out of docs/architecture.md, where it stands between two comment lines.</summary>
internal static class DependencyTable
{
    public const string Begin = "<!-- dependencies: begin -->";
    public const string End = "<!-- dependencies: end -->";

    public static IReadOnlyList<DependencyRow> Parse(string markdown)
    {
        int begin = markdown.IndexOf(Begin, StringComparison.Ordinal);
        int end = markdown.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new FormatException($"No table between {Begin} and {End}.");
        }

        // The first two rows are the heading and the rule under it.
        return
        [
            .. markdown[(begin + Begin.Length)..end].Split('\n')
                .Where(line => line.StartsWith('|'))
                .Skip(2)
                .Select(Row),
        ];
    }

    private static DependencyRow Row(string line)
    {
        string[] cells = [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];
        return cells.Length == 3
            ? new DependencyRow(Names(cells[0]).Single(), Names(cells[1]), Names(cells[2]))
            : throw new FormatException($"Not three cells: {line}");
    }

    private static List<string> Names(string cell) =>
        [.. cell.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(name => name.Trim('`')).Where(name => name != "–")];
}
