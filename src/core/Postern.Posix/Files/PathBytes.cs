using System.Text;

namespace Postern.Posix.Files;

/// <summary>Turns names into what the system takes: bytes that end with a NUL.</summary>
internal static class PathBytes
{
    /// <summary>The longest path that the system takes, its NUL included (PATH_MAX).</summary>
    internal const int MaxPath = 4096;

    /// <summary>A path of ours and its NUL.</summary>
    internal static byte[] Terminated(string path) => [.. Encoding.UTF8.GetBytes(path), 0];

    /// <summary>Copies a path and its NUL.</summary>
    /// <returns>False for a path that is empty, too long, or that the system would see cut short by a NUL.</returns>
    internal static bool TryTerminate(ReadOnlySpan<byte> path, Span<byte> destination)
    {
        if (path.IsEmpty || path.Length >= destination.Length || path.Contains((byte)0)) return false;
        path.CopyTo(destination);
        destination[path.Length] = 0;
        return true;
    }
}
