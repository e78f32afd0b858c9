namespace Postern.Mail.Tests;

/// <summary>Finds the test data that others published, which lies beside the repository where it is present.</summary>
internal static class Suites
{
    /// <summary>The path of a suite's file, or a skip that names the suite.</summary>
    public static string Find(string suite, string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Join(folder.FullName, "Postern.slnx"))) folder = folder.Parent;
        string path = Path.Join(folder?.FullName, "..", "shared", "suites", suite, file);
        if (folder is null || !File.Exists(path)) Assert.Skip($"The suite {suite} is not beside the repository.");
        return path;
    }
}
