using Postern.Architecture.Tree;

namespace Postern.Architecture.Sizes;

/// <summary>Lines per file and files per folder.</summary>
internal static class FileSizes
{
    public static IEnumerable<Measurement> Lines(IEnumerable<SourceFile> files) =>
        files.Select(file => new Measurement("file-lines", file.Path, file.LineCount));

    public static IEnumerable<Measurement> Folders(IEnumerable<SourceFile> files) =>
        files.GroupBy(file => file.Folder).Select(folder => new Measurement("folder-files", folder.Key, folder.Count()));

    /// <summary>The middle and the ninth of ten of the files' lengths: the upper neighbour, so that no rounding flatters.</summary>
    public static IEnumerable<Measurement> Spread(string tree, IReadOnlyCollection<SourceFile> files)
    {
        if (files.Count > 0)
        {
            int[] lengths = [.. files.Select(file => file.LineCount).Order()];
            yield return new Measurement("file-median", tree, lengths[lengths.Length / 2]);
            yield return new Measurement("file-ninth-of-ten", tree, lengths[Math.Min(lengths.Length * 9 / 10, lengths.Length - 1)]);
        }
    }
}
