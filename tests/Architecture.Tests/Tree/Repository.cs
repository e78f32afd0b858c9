namespace Postern.Architecture.Tree;

/// <summary>The source tree that this test was built from.</summary>
internal static class Repository
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> Files = new(() => [.. Find("*.cs").Select(path => new SourceFile(path, Read(path)))]);

    /// <summary>The folder that holds Postern.slnx, above this test's own executable.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static IReadOnlyList<SourceFile> Sources => Files.Value;

    public static IReadOnlyList<SourceFile> Shipped => [.. Sources.Where(file => file.IsUnder("src"))];

    public static IReadOnlyList<ProjectFile> Projects => [.. Find("*.csproj").Select(path => ProjectFile.Parse(path, Read(path)))];

    public static string Read(string path) => File.ReadAllText(Path.Join(Root, path));

    public static bool Has(string path) => File.Exists(Path.Join(Root, path));

    public static IEnumerable<string> Find(string pattern) =>
        from folder in new[] { "src", "tests", "fuzz", "bench", "mutants" }
        let full = Path.Join(Root, folder)
        where Directory.Exists(full)
        from file in Directory.EnumerateFiles(full, pattern, SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file)
        orderby path
        select path;

    private static string FindRoot(string start)
    {
        string? folder = start;
        while (folder is not null && !File.Exists(Path.Join(folder, "Postern.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"No Postern.slnx above {start}.");
    }
}
