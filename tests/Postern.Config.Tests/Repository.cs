namespace Postern.Config.Tests;

/// <summary>Finds files of the source tree from wherever the tests run.</summary>
internal static class Repository
{
    /// <summary>The text of a file of the tree.</summary>
    internal static string Text(params string[] path) => File.ReadAllText(Path.Join([Root(), .. path]));

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Join(folder.FullName, "Postern.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run inside the source tree.");
    }
}
