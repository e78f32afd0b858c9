using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Postern.Posix;
using Postern.Posix.Files;
using Postern.Posix.Processes;

namespace Postern.Tls.Certificates;

/// <summary>Reads the files that a certificate and its key are in.</summary>
public static class CertificateFile
{
    /// <summary>Bytes of one file. Arbitrary: ten certificates of the largest kind and a key.</summary>
    public const int MaxSize = 256 * 1024;

    private const uint OthersRead = 4;
    private const uint OthersWrite = 2;

    /// <summary>Reads both; the problem names the file.</summary>
    /// <param name="chainPath">The file with the server's certificate and those that vouch for it.</param>
    /// <param name="keyPath">The file with its private key; may be the same.</param>
    /// <param name="certificate">What came of it.</param>
    /// <param name="problem">What is wrong, as a sentence for the administrator.</param>
    public static bool TryRead(string chainPath, string keyPath, [NotNullWhen(true)] out TlsCertificate? certificate, out string problem)
    {
        certificate = null;
        var key = Span<byte>.Empty;
        try
        {
            if (!TryReadWhole(chainPath, chainPath == keyPath, out var chain, out problem)
                || !TryReadWhole(keyPath, isSecret: true, out key, out problem))
            {
                return false;
            }

            if (CertificateReader.TryRead(chain, key, out certificate, out problem))
            {
                return true;
            }

            problem = chainPath == keyPath ? $"{chainPath} {problem}" : $"{chainPath} with {keyPath} {problem}";
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Reads a file; its caller wipes the content if it is a secret.</summary>
    internal static bool TryReadWhole(string path, bool isSecret, out Span<byte> content, out string problem)
    {
        // Pinned: a collection would leave copies of a key behind.
        content = GC.AllocateArray<byte>(MaxSize + 1, pinned: true);
        var read = ReadOnlyFile.ReadHead(path, content, out var descriptor);
        if (read.Failed)
        {
            problem = read.Error switch
            {
                Errno.AccessDenied => $"{path} can't be read by user {OwnProcess.User}: it or a folder above it has other permissions, or it is no ordinary file",
                Errno.IsDirectory => $"{path} is a folder",
                _ => $"{path} can't be read: {Errno.Describe(read.Error)}",
            };
            return false;
        }

        using var file = FileHandle.Own(descriptor!.Release());
        content = content[..read.Value];
        if (read.Value > MaxSize)
        {
            problem = $"{path} has more than {MaxSize} bytes, which is the most that is taken";
            return false;
        }

        if (isSecret && (!file.GetStatus(out var status).Ok || (status.Mode & (OthersRead | OthersWrite)) != 0))
        {
            problem = $"{path} holds a private key that every user can read or change: chmod o= {path}";
            return false;
        }

        problem = string.Empty;
        return true;
    }
}
