namespace Postern.Mutants;

/// <summary>A file of lines with fields between tabs; "#" begins a comment.</summary>
internal static class Table
{
    public static IReadOnlyList<string[]> Read(string path, int columns)
    {
        List<string[]> rows = [];
        foreach (string line in File.ReadLines(path))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            string[] fields = line.Split('\t');
            if (fields.Length != columns) throw new InvalidDataException($"{path} has {fields.Length} fields instead of {columns} in: {line}");
            rows.Add(fields);
        }
        return rows;
    }

    /// <summary>A text of source as one field: on one line.</summary>
    public static string Field(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
