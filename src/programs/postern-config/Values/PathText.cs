namespace Postern.Config.Values;

/// <summary>Paths of the configuration: absolute, in one form, printable, short enough for what is made below them.</summary>
internal static class PathText
{
    /// <summary>What is wrong with a path; null for a good one.</summary>
    /// <param name="path">As written.</param>
    /// <param name="maximum">How many bytes it may have.</param>
    internal static string? Fault(string path, int maximum)
    {
        if (!path.StartsWith('/'))
        {
            return "must be an absolute path";
        }

        if (path.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return "may hold printable ASCII only";
        }

        if (path.Length > maximum)
        {
            return $"may have {maximum} characters at most";
        }

        // Two ways to write one folder would defeat the checks that two folders are different.
        return path.Split('/').Skip(1).Any(part => part is "" or "." or "..") ? "must not hold \"//\", \"/./\", \"/../\" or end in \"/\"" : null;
    }

    /// <summary>True when a path is another or lies below it.</summary>
    internal static bool IsWithin(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/');
}
