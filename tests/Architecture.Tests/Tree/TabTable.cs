namespace Postern.Architecture.Tree;

/// <summary>Reads the small tables of eng/ and docs/: fields parted by one tab each, '#' begins a comment line.</summary>
internal static class TabTable
{
    /// <summary>The rows of a table whose every row has <paramref name="columns"/> fields, none of them empty.</summary>
    public static IReadOnlyList<string[]> Parse(string text, int columns)
    {
        List<string[]> rows = [];
        foreach (string line in text.Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            string[] fields = line.Split('\t');
            if (fields.Length != columns || fields.Any(string.IsNullOrWhiteSpace))
            {
                throw new FormatException($"Not {columns} fields parted by tabs: {line}");
            }

            rows.Add(fields);
        }

        return rows;
    }
}
