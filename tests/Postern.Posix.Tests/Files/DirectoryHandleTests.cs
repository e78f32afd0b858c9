using Postern.Posix.Files;

namespace Postern.Posix.Tests.Files;

public sealed class DirectoryHandleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NamesThatAreNotText_AreHandledLikeAnyOther()
    {
        byte[] name = [0xFF, 0xFE, (byte)'\n', 0xC3];
        Assert.True(_folder.Handle.OpenFile(name, OpenFlags.Write | OpenFlags.Create, 0x180, out var file).Ok);
        file!.Dispose();
        Assert.Equal(["\u00FF\u00FE\n\u00C3"], _folder.Names());
        Assert.True(_folder.Handle.GetStatus(name, out var status).Ok);
        Assert.Equal(FileKind.Regular, status.Kind);
        Assert.True(_folder.Handle.Unlink(name).Ok);
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public void ALongListing_IsComplete()
    {
        for (int number = 0; number < 2000; number++) _folder.Create($"a-name-of-some-length-{number}").Dispose();
        Assert.Equal(2000, _folder.Names().Count);
        Assert.Equal(2000, _folder.Names().Count);
    }

    [Fact]
    public void RenamingAndLinking_NeverReplace()
    {
        _folder.Create("a").Dispose();
        _folder.Create("b").Dispose();
        Assert.Equal(FileFault.Exists, _folder.Handle.Rename("a"u8, _folder.Handle, "b"u8).Fault);
        Assert.Equal(FileFault.Exists, _folder.Handle.Link("a"u8, _folder.Handle, "b"u8).Fault);
        Assert.Equal(FileFault.Exists,
            _folder.Handle.OpenFile("b"u8, OpenFlags.Write | OpenFlags.Create | OpenFlags.Exclusive, 0x180, out _).Fault);
        Assert.True(_folder.Handle.Rename("a"u8, _folder.Handle, "c"u8).Ok);
        Assert.True(_folder.Handle.Link("c"u8, _folder.Handle, "d"u8).Ok);
        Assert.True(_folder.Handle.GetStatus("c"u8, out var status).Ok);
        Assert.Equal(2u, status.Links);
        Assert.True(_folder.Handle.Sync().Ok);
        Assert.Equal(["b", "c", "d"], _folder.Names());
    }

    [Fact]
    public void Replacing_PutsTheOneInThePlaceOfTheOther()
    {
        _folder.Create("a").Dispose();
        _folder.Create("b").Dispose();
        Assert.True(_folder.Handle.GetStatus("a"u8, out var before).Ok);
        Assert.True(_folder.Handle.Replace("a"u8, "b"u8).Ok);
        Assert.True(_folder.Handle.GetStatus("b"u8, out var after).Ok);
        Assert.Equal(before.Inode, after.Inode);
        Assert.Equal(["b"], _folder.Names());
        Assert.Equal(FileFault.NotFound, _folder.Handle.Replace("a"u8, "b"u8).Fault);
        Assert.Equal(FileFault.BadName, _folder.Handle.Replace("b"u8, "../b"u8).Fault);
    }

    [Fact]
    public void TheDirectoryItself_CanBeAskedAbout()
    {
        Assert.True(_folder.Handle.GetStatus(out var status).Ok);
        Assert.Equal(FileKind.Directory, status.Kind);
    }

    [Fact]
    public void Directories_AreMadeOpenedAndRemoved()
    {
        Assert.True(_folder.Handle.MakeDirectory("inner"u8, 0x1C0).Ok);
        Assert.Equal(FileFault.Exists, _folder.Handle.MakeDirectory("inner"u8, 0x1C0).Fault);
        Assert.True(_folder.Handle.OpenDirectory("inner"u8, out var inner).Ok);
        using (inner)
        {
            _folder.Create("a").Dispose();
            Assert.True(_folder.Handle.Rename("a"u8, inner!, "b"u8).Ok);
            Assert.Equal(FileFault.Exists, _folder.Handle.RemoveDirectory("inner"u8).Fault);
            Assert.True(_folder.Handle.OpenFile("inner/b"u8, OpenFlags.Read, 0, out var file).Ok);
            file!.Dispose();
            Assert.True(inner!.Unlink("b"u8).Ok);
        }
        Assert.True(_folder.Handle.RemoveDirectory("inner"u8).Ok);
        Assert.True(_folder.Handle.GetFreeBytes().Value > 0);
    }

    [Theory]
    // Leaves the directory.
    [InlineData("../x", FileFault.NotBeneath)]
    [InlineData("inner/../../x", FileFault.NotBeneath)]
    [InlineData("/etc/hostname", FileFault.NotBeneath)]
    // Leads through a link, as the last part or before it, even when the link's target is beneath.
    [InlineData("link", FileFault.NotBeneath)]
    [InlineData("link/b", FileFault.NotBeneath)]
    [InlineData("absolute", FileFault.NotBeneath)]
    // Would be seen cut short.
    [InlineData("inner\0/x", FileFault.BadName)]
    [InlineData("", FileFault.BadName)]
    public void OpeningStaysBeneath(string name, FileFault fault)
    {
        Assert.True(_folder.Handle.MakeDirectory("inner"u8, 0x1C0).Ok);
        File.CreateSymbolicLink(Path.Join(_folder.Path, "link"), "inner");
        File.CreateSymbolicLink(Path.Join(_folder.Path, "absolute"), "/etc/hostname");
        Assert.Equal(fault, _folder.Handle.OpenFile(TemporaryFolder.Bytes(name), OpenFlags.Read, 0, out var file).Fault);
        Assert.Null(file);
        Assert.Equal(fault, _folder.Handle.OpenDirectory(TemporaryFolder.Bytes(name), out var directory).Fault);
        Assert.Null(directory);
    }

    [Theory]
    // Calls without a kernel mode that keeps them beneath take one part only.
    [InlineData("a/b")]
    [InlineData("/a")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a\0b")]
    public void OtherCalls_TakeOnePartOnly(string name)
    {
        byte[] bytes = TemporaryFolder.Bytes(name);
        Assert.Equal(FileFault.BadName, _folder.Handle.Unlink(bytes).Fault);
        Assert.Equal(FileFault.BadName, _folder.Handle.RemoveDirectory(bytes).Fault);
        Assert.Equal(FileFault.BadName, _folder.Handle.MakeDirectory(bytes, 0x1C0).Fault);
        Assert.Equal(FileFault.BadName, _folder.Handle.GetStatus(bytes, out _).Fault);
        Assert.Equal(FileFault.BadName, _folder.Handle.Rename(bytes, _folder.Handle, "x"u8).Fault);
        Assert.Equal(FileFault.BadName, _folder.Handle.Rename("x"u8, _folder.Handle, bytes).Fault);
        Assert.Equal(FileFault.BadName, _folder.Handle.Link(bytes, _folder.Handle, "x"u8).Fault);
    }

    [Fact]
    public void ATooLongName_IsRefused()
    {
        Assert.Equal(FileFault.BadName, _folder.Handle.Unlink(new byte[256]).Fault);
        Assert.Equal(FileFault.BadName, _folder.Handle.OpenFile(TemporaryFolder.Bytes(new string('a', 300)), OpenFlags.Read, 0, out _).Fault);
        Assert.Equal(FileFault.BadName, _folder.Handle.OpenFile(TemporaryFolder.Bytes(new string('a', 5000)), OpenFlags.Read, 0, out _).Fault);
    }

    [Fact]
    public void OnlyADirectory_OpensAsOne()
    {
        _folder.Create("a").Dispose();
        Assert.Equal(FileFault.NotBeneath, DirectoryHandle.Open(Path.Join(_folder.Path, "a"), out _).Fault);
        Assert.Equal(FileFault.NotFound, DirectoryHandle.Open(Path.Join(_folder.Path, "b"), out _).Fault);
        Assert.Equal(FileFault.BadName, DirectoryHandle.Open("", out _).Fault);
        Assert.Equal(FileFault.BadName, DirectoryHandle.Open("/tmp\0/x", out _).Fault);
    }

    [Fact]
    public void ADirectory_IsNoFileToWriteTo() =>
        Assert.Equal(FileFault.NotBeneath, _folder.Handle.OpenFile("."u8, OpenFlags.Write, 0, out _).Fault);
}
