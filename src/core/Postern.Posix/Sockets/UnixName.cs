using System.Text;

namespace Postern.Posix.Sockets;

/// <summary>The address of a Unix socket as the kernel takes it (unix(7)).</summary>
public static class UnixName
{
    /// <summary>The longest path that fits a <c>sockaddr_un</c> with its final NUL.</summary>
    public const int MaxLength = 107;

    internal const ushort Family = 1;

    /// <summary>A <c>sockaddr_un</c>.</summary>
    /// <param name="path">ASCII, at most <see cref="MaxLength"/> bytes; a longer one fails at its use.</param>
    public static byte[] ToKernel(string path) => [(byte)Family, 0, .. Encoding.ASCII.GetBytes(path), 0];
}
