using Postern.Posix.Files;

namespace Postern.Posix.Tests.Files;

public sealed class FileHandleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatWasWritten_IsRead()
    {
        using var file = _folder.Create("a");
        Assert.Equal(5, file.Write(3, "hello"u8).Value);
        byte[] read = new byte[10];
        Assert.Equal(8, file.Read(0, read).Value);
        Assert.Equal("\0\0\0hello\0\0"u8.ToArray(), read);
        Assert.Equal(0, file.Read(100, read).Value);
        Assert.True(file.SyncContent().Ok);
        Assert.True(file.Sync().Ok);
        Assert.True(file.DropCache().Ok);
        Assert.Equal(2, file.Read(6, read).Value);
    }

    [Fact]
    public void Allocation_TakesDiskSpaceAndExtends()
    {
        using var file = _folder.Create("a");
        Assert.True(file.Allocate(0, 1 << 20).Ok);
        Assert.True(file.GetStatus(out var status).Ok);
        Assert.Equal(1 << 20, status.Size);
        Assert.True(status.Allocated >= 1 << 20);
        Assert.True(file.Truncate(7).Ok);
        Assert.True(file.GetStatus(out status).Ok);
        Assert.Equal((7, FileKind.Regular, 1u, 0x180u), (status.Size, status.Kind, status.Links, status.Mode));
    }

    [Fact]
    public void ALockedFile_IsBusyForAnotherOpenFile()
    {
        using var one = _folder.Create("lock");
        Assert.True(_folder.Handle.OpenFile("lock"u8, OpenFlags.ReadWrite, 0, out var two).Ok);
        Assert.True(one.TryLock().Ok);
        Assert.True(one.TryLock().Ok);
        Assert.Equal(FileFault.Busy, two!.TryLock().Fault);
        one.Dispose();
        Assert.True(two.TryLock().Ok);
        two.Dispose();
    }

    [Fact]
    public void AClosedFile_FailsWithoutHarm()
    {
        var file = _folder.Create("a");
        Assert.True(file.Close().Ok);
        Assert.True(file.Close().Ok);
        Assert.Equal(-1, file.Number);
        Assert.Equal(9, file.Write(0, "x"u8).Error);
        Assert.Equal(9, file.SyncContent().Error);
        Assert.Equal(9, file.Read(0, new byte[1]).Error);
        file.Dispose();
    }

    [Fact]
    public void WritingToAFullDevice_SaysSo()
    {
        Assert.True(DirectoryHandle.Open("/dev", out var devices).Ok);
        using (devices)
        {
            // Not every sandbox has it.
            if (!devices!.OpenFile("full"u8, OpenFlags.ReadWrite, 0, out var full).Ok) return;
            using (full) Assert.Equal(FileFault.NoSpace, full!.Write(0, "x"u8).Fault);
        }
    }

    [Theory]
    // The kinds that decisions rest on.
    [InlineData(0, FileFault.None)]
    [InlineData(1, FileFault.Denied)]
    [InlineData(2, FileFault.NotFound)]
    [InlineData(5, FileFault.Other)]
    [InlineData(11, FileFault.Busy)]
    [InlineData(13, FileFault.Denied)]
    [InlineData(17, FileFault.Exists)]
    [InlineData(18, FileFault.NotBeneath)]
    [InlineData(22, FileFault.BadName)]
    [InlineData(28, FileFault.NoSpace)]
    [InlineData(30, FileFault.Other)]
    [InlineData(36, FileFault.BadName)]
    [InlineData(40, FileFault.NotBeneath)]
    [InlineData(122, FileFault.NoSpace)]
    public void ErrorsHaveKinds(int error, FileFault fault)
    {
        var result = FileResult.Failure(error);
        Assert.Equal((fault, error == 0, error, 0L), (result.Fault, result.Ok, result.Error, result.Value));
    }
}
