using Postern.Role.Confining;

namespace Postern.Keyholder.Certificates;

/// <summary>The folders that certificates and keys are read from.</summary>
internal static class KeyFolders
{
    /// <summary>Whole folders, since a renewed certificate is another file; both that of a name and that of the file it stands for, since
    /// the tools that renew certificates keep links in one folder to files in another.</summary>
    internal static IReadOnlyList<Place> Of(ReadOnlySpan<byte> slice)
    {
        var paths = TlsSettings.Read(slice)?.Files.SelectMany(file => new[] { file.Chain, file.Key }) ?? [];
        return [.. paths.SelectMany(path => new[] { path, TargetOf(path) }).Select(FolderOf).Distinct().Select(folder => new Place(folder, FileUse.Read))];
    }

    // As a path of the kernel's: the name of a link's target is relative to the link.
    private static string TargetOf(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Not there, or not ours to see: reading it will say so.
            return path;
        }
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(path) ?? "/";
}
