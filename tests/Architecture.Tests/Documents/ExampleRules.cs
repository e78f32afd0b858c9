namespace Postern.Architecture.Documents;

/// <summary>The example configuration is one file, shown in the README and small enough to be the promise that it is.</summary>
internal static class ExampleRules
{
    /// <summary>Fifteen lines of configuration make a working server: what the README promises.</summary>
    public const int MaxLines = 15;

    /// <summary>Lines that say something, without comments and alignment. No value in the example holds a '#'.</summary>
    public static IReadOnlyList<string> Lines(string toml) =>
    [
        .. toml.Split('\n')
            .Select(line => line.Split('#')[0])
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .Where(line => line.Length > 0),
    ];

    /// <summary>The first block of a page that is marked as TOML.</summary>
    public static string Block(string markdown)
    {
        const string Fence = "```";
        int begin = markdown.IndexOf(Fence + "toml\n", StringComparison.Ordinal);
        int end = begin < 0 ? -1 : markdown.IndexOf("\n" + Fence, begin + Fence.Length, StringComparison.Ordinal);
        return end < 0 ? throw new FormatException("The page has no TOML block.") : markdown[(begin + Fence.Length + "toml\n".Length)..end];
    }
}
