using Postern.Posix.Processes;

namespace Postern.Posix.Tests.Processes;

/// <summary>The beginning of a file that somebody else made.</summary>
public sealed class ReadOnlyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pt-").FullName;

    private string Path => System.IO.Path.Join(_folder, "file");

    [Fact]
    public void TheHeadOfAFile_IsWhatItHas_UpToTheBuffer()
    {
        File.WriteAllText(Path, "abcdef");
        var buffer = new byte[4];
        Assert.Equal(4, Read(Path, buffer).Value);
        Assert.Equal("abcd"u8.ToArray(), buffer);
        Assert.Equal(6, Read(Path, new byte[100]).Value);
        Assert.Equal(0, Read(Path, []).Value);
        File.CreateSymbolicLink(Path + ".link", Path);
        Assert.Equal(6, Read(Path + ".link", new byte[100]).Value);
    }

    [Fact]
    public void WhatIsNoOrdinaryFile_IsNotOpened()
    {
        Assert.Equal(Errno.NoEntry, Read(Path, new byte[4]).Error);
        Assert.Equal(Errno.IsDirectory, Read(_folder, new byte[4]).Error);
        Assert.Equal(Errno.AccessDenied, Read("/dev/zero", new byte[4]).Error);
    }

    // What is read from a pipe is gone for whoever reads it.
    [Fact]
    public void APipe_KeepsWhatIsInIt()
    {
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [Path]))
        {
            mkfifo.WaitForExit();
        }

        using var pipe = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
        pipe.Write("#!/bin/sh\n"u8);
        Assert.Equal(Errno.AccessDenied, Read(Path, new byte[100]).Error);
        Assert.Equal((byte)'#', pipe.ReadByte());
    }

    [Fact]
    public void AFileThatGaveUpItsName_IsStillTheOneThatWasRead()
    {
        File.WriteAllText(Path, "first");
        Assert.Equal(5, ReadOnlyFile.ReadHead(Path, new byte[9], out var file).Value);
        using (file)
        {
            Assert.Equal(Path, ReadOnlyFile.PathOf(file!));
            File.Move(Path, Path + ".old");
            File.WriteAllText(Path, "second");
            Assert.Equal(Path + ".old", ReadOnlyFile.PathOf(file!));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CallResult Read(string path, Span<byte> buffer)
    {
        var result = ReadOnlyFile.ReadHead(path, buffer, out var file);
        Assert.Equal(result.Failed, file is null);
        file?.Dispose();
        return result;
    }
}
