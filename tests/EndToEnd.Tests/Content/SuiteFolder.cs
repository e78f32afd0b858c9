namespace Postern.EndToEnd.Content;

/// <summary>Finds test suites of others, which lie beside the project and not in it.</summary>
internal static class SuiteFolder
{
    /// <summary>The path of a suite, or null where it is not.</summary>
    internal static string? Find(string name)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var path = Path.Join(folder, "shared", "suites", name);
            if (Directory.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
