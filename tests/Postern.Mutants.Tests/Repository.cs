namespace Postern.Mutants.Tests;

/// <summary>The tree that this test was built from.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    private static string FindRoot(string start)
    {
        string? folder = start;
        while (folder is not null && !File.Exists(Path.Join(folder, "Postern.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"No Postern.slnx above {start}.");
    }
}
