using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Postern.Posix;
using Postern.Posix.Files;
using Postern.Posix.Processes;

namespace Postern.Remote.Logins;

/// <summary>Reads the file that a password is in.</summary>
internal static class SecretFile
{
    /// <summary>Bytes of a password. Arbitrary: the longest of a server of ours has 255.</summary>
    internal const int MaxPassword = 512;

    private const uint OthersReadOrWrite = 6;

    /// <summary>Reads it: one line, with or without its end.</summary>
    /// <param name="path">The file.</param>
    /// <param name="password">The password; whoever gets it wipes it.</param>
    /// <param name="problem">What is wrong, as a sentence for the administrator.</param>
    internal static bool TryRead(string path, [NotNullWhen(true)] out byte[]? password, out string problem)
    {
        password = null;
        // Pinned: a collection would leave copies behind.
        var content = GC.AllocateArray<byte>(MaxPassword + 3, pinned: true);
        try
        {
            var read = ReadOnlyFile.ReadHead(path, content, out var descriptor);
            if (read.Failed)
            {
                problem = read.Error switch
                {
                    Errno.AccessDenied => $"{path} can't be read by user {OwnProcess.User}: it or a folder above it has other permissions, or it is no ordinary file",
                    _ => $"{path} can't be read: {Errno.Describe(read.Error)}",
                };
                return false;
            }

            using var file = FileHandle.Own(descriptor!.Release());
            if (!file.GetStatus(out var status).Ok || (status.Mode & OthersReadOrWrite) != 0)
            {
                problem = $"{path} holds a password that every user can read or change: chmod o= {path}";
                return false;
            }

            var line = content.AsSpan(0, read.Value);
            line = line.EndsWith("\r\n"u8) ? line[..^2] : line.EndsWith("\n"u8) ? line[..^1] : line;
            if (line.IsEmpty || line.Length > MaxPassword || line.ContainsAnyInRange((byte)0, (byte)0x1f))
            {
                problem = $"{path} must hold one line with a password of at most {MaxPassword} bytes, and nothing else";
                return false;
            }

            password = GC.AllocateArray<byte>(line.Length, pinned: true);
            line.CopyTo(password);
            problem = string.Empty;
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }
}
