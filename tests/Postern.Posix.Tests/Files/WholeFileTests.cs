using Postern.Posix.Files;

namespace Postern.Posix.Tests.Files;

public sealed class WholeFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public void AFile_IsWrittenAndReplaced_AndNothingElseIsLeft(int length)
    {
        Assert.True(WholeFile.Replace(_folder.Handle, "a"u8, new byte[length]).Ok);
        Assert.Equal(new byte[length], Content());
        Assert.True(WholeFile.Replace(_folder.Handle, "a"u8, "shorter, or longer"u8).Ok);
        Assert.Equal("shorter, or longer"u8.ToArray(), Content());
        Assert.Equal(["a"], _folder.Names());
    }

    [Fact]
    public void ItsOwnerAlone_CanReadIt()
    {
        File.WriteAllText(Path.Join(_folder.Path, "a"), "old");
        File.SetUnixFileMode(Path.Join(_folder.Path, "a"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.True(WholeFile.Replace(_folder.Handle, "a"u8, "new"u8).Ok);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Join(_folder.Path, "a")));
    }

    // What a crash leaves behind, and a link that somebody put there.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatIsLeftOfAnEarlierTry_IsInNobodysWay(bool isLink)
    {
        var (left, other) = (Path.Join(_folder.Path, "a.new"), Path.Join(_folder.Path, "other"));
        File.WriteAllText(other, "other");
        if (isLink) File.CreateSymbolicLink(left, other);
        else File.WriteAllText(left, "half of a much longer file");
        Assert.True(WholeFile.Replace(_folder.Handle, "a"u8, "new"u8).Ok);
        Assert.Equal("new"u8.ToArray(), Content());
        Assert.Equal("other", File.ReadAllText(other));
        Assert.Equal(["a", "other"], _folder.Names());
    }

    [Fact]
    public void ALink_IsReplacedAndNotFollowed()
    {
        var other = Path.Join(_folder.Path, "other");
        File.WriteAllText(other, "other");
        File.CreateSymbolicLink(Path.Join(_folder.Path, "a"), other);
        Assert.True(WholeFile.Replace(_folder.Handle, "a"u8, "new"u8).Ok);
        Assert.Null(new FileInfo(Path.Join(_folder.Path, "a")).LinkTarget);
        Assert.Equal("other", File.ReadAllText(other));
    }

    [Fact]
    public void WhatCanNotBeWritten_LeavesTheOldOneThere()
    {
        File.WriteAllText(Path.Join(_folder.Path, "a"), "old");
        Directory.CreateDirectory(Path.Join(_folder.Path, "a.new"));
        Assert.False(WholeFile.Replace(_folder.Handle, "a"u8, "new"u8).Ok);
        Assert.Equal("old"u8.ToArray(), Content());
        Directory.CreateDirectory(Path.Join(_folder.Path, "b"));
        Assert.False(WholeFile.Replace(_folder.Handle, "b"u8, "new"u8).Ok);
        Assert.False(WholeFile.Replace(_folder.Handle, "../c"u8, "new"u8).Ok);
    }

    [Fact]
    public void AFile_IsReadWhole_OrAsFarAsIsWanted()
    {
        Assert.True(WholeFile.Replace(_folder.Handle, "a"u8, "abc"u8).Ok);
        Assert.True(WholeFile.Read(_folder.Handle, "a"u8, 10, out var all).Ok);
        Assert.Equal("abc"u8.ToArray(), all);
        Assert.True(WholeFile.Read(_folder.Handle, "a"u8, 2, out var some).Ok);
        Assert.Equal("ab"u8.ToArray(), some);
    }

    [Fact]
    public void AFileThatIsNotThere_IsNoFailure_AndOneThatCanNotBeReadIsOne()
    {
        Assert.True(WholeFile.Read(_folder.Handle, "a"u8, 10, out var none).Ok);
        Assert.Null(none);
        Directory.CreateDirectory(Path.Join(_folder.Path, "b"));
        Assert.False(WholeFile.Read(_folder.Handle, "b"u8, 10, out none).Ok);
        Assert.Null(none);
    }

    [Fact]
    public void AFileThatIsGiven_BelongsToWhomTheFolderBelongsTo()
    {
        Assert.True(_folder.Handle.GetStatus(out var folder).Ok);
        Assert.True(WholeFile.Replace(_folder.Handle, "a"u8, "new"u8, isGiven: true).Ok);
        Assert.True(_folder.Handle.OpenFile("a"u8, OpenFlags.Read, 0, out var file).Ok);
        using (file)
        {
            Assert.True(file!.GetStatus(out var status).Ok);
            Assert.Equal((folder.Uid, folder.Gid, "new"), (status.Uid, status.Gid, File.ReadAllText(Path.Join(_folder.Path, "a"))));
        }
    }

    private byte[] Content() => File.ReadAllBytes(Path.Join(_folder.Path, "a"));
}
