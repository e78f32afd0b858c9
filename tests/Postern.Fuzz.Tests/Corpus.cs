namespace Postern.Fuzz.Tests;

/// <summary>The inputs that are checked in: seeds written by hand, and what fuzzing found worth keeping.</summary>
internal static class Corpus
{
    internal static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>The inputs of a target, in the order of their names.</summary>
    internal static IReadOnlyList<(string Name, byte[] Bytes)> Of(Target target)
    {
        string folder = Path.Join(Root, "corpus", target.Name);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))]
            : [];
    }

    private static string FindRoot(string start)
    {
        string? folder = start;
        while (folder is not null && !File.Exists(Path.Join(folder, "Postern.slnx"))) folder = Path.GetDirectoryName(folder);
        return Path.Join(folder ?? throw new InvalidOperationException($"No Postern.slnx above {start}."), "fuzz");
    }
}
