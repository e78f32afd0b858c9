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

    private static bool TryReadWhole(string path, bool isSecret, out Span<byte> content, out string problem)
    {
        content = default;
        var opened = ReadOnlyFile.Open(path, out var descriptor);
        if (opened.Failed)
        {
            problem = opened.Error == Errno.AccessDenied
                ? $"{path} can't be read by user {OwnProcess.User}: it or a folder above it has other permissions"
                : $"{path} can't be opened: {Errno.Describe(opened.Error)}";
            return false;
        }

        using var file = FileHandle.Own(descriptor!.Release());
        if (!file.GetStatus(out var status).Ok || status.Kind != FileKind.Regular)
        {
            problem = $"{path} is no ordinary file";
            return false;
        }

        if (status.Size > MaxSize)
        {
            problem = $"{path} has {status.Size} bytes: it takes {MaxSize} at most";
            return false;
        }

        if (isSecret && (status.Mode & (OthersRead | OthersWrite)) != 0)
        {
            problem = $"{path} holds a private key that every user can read or change: chmod o= {path}";
            return false;
        }

        // Pinned: a collection would leave copies of a key behind.
        content = GC.AllocateArray<byte>((int)status.Size, pinned: true);
        var read = file.Read(0, content);
        content = content[..(read.Ok ? (int)read.Value : 0)];
        problem = read.Ok ? string.Empty : $"{path} can't be read: {Errno.Describe(read.Error)}";
        return read.Ok;
    }
}
