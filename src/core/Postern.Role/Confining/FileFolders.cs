namespace Postern.Role.Confining;

/// <summary>The folders that files with secrets are read from.</summary>
public static class FileFolders
{
    /// <summary>Links followed for one name, as the kernel does (path_resolution(7)).</summary>
    private const int MaxLinks = 40;

    /// <summary>Whole folders, since a renewed file is another file; both that of a name and that of the file it stands for, since
    /// the tools that renew certificates keep links in one folder to files in another. Of the root folder the one file: it holds all others.</summary>
    public static IReadOnlyList<Place> Of(IEnumerable<string> paths) =>
        [.. paths.SelectMany(path => new[] { path, TargetOf(path) }).Select(path => FolderOf(path) is not "/" and var folder ? folder : path).Distinct()
            .Select(place => new Place(place, FileUse.Read))];

    private static string TargetOf(string path)
    {
        try
        {
            var links = 0;
            return Follow(path, ref links);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Not there, or not ours to see: reading it will say so.
            return path;
        }
    }

    /// <summary>Part by part: a folder on the way may be a link, and what a link names is relative to where it truly lies.</summary>
    private static string Follow(string path, ref int links)
    {
        if (Path.GetDirectoryName(path) is not { } above)
        {
            return path;
        }

        var folder = Follow(above, ref links);
        var name = Path.GetFileName(path);
        if (name is "" or "." or "..")
        {
            return name == ".." ? FolderOf(folder) : folder;
        }

        var place = Path.Join(folder, name);
        return new FileInfo(place).LinkTarget is not { } target ? place
            : ++links > MaxLinks ? throw new IOException("too many links")
            : Follow(target.StartsWith('/') ? target : Path.Join(folder, target), ref links);
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(path) ?? "/";
}
