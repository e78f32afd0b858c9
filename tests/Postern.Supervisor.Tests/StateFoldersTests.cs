using Postern.Posix.Processes;
using Postern.TestKit.Servers;

namespace Postern.Supervisor.Tests;

/// <summary>The folders that posternd makes, and what it says of those that are there.</summary>
public sealed class StateFoldersTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Readable = Private | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly SystemUser _self = new("self", OwnProcess.User, OwnProcess.Group, "/");

    private readonly Scratch _scratch = new(belongsToNobody: false);

    [Fact]
    public void MissingFolders_AreMadeWithTheirModes()
    {
        Assert.Null(Prepare());
        Assert.Equal(
            [Readable, Readable, Private, Private, Private],
            new[] { "state", "state/run", "state/queue", "state/postmaster", "mail" }.Select(name => File.GetUnixFileMode(_scratch[name])));
    }

    [Fact]
    public void FoldersThatAreThere_AreLeftAsTheyAre()
    {
        Assert.Null(Prepare());
        // Tighter than we would make it: somebody's choice.
        File.SetUnixFileMode(_scratch["state"], Private);
        Assert.Null(Prepare());
        Assert.Equal(Private, File.GetUnixFileMode(_scratch["state"]));
    }

    [Theory]
    [InlineData("state")]
    [InlineData("state/run")]
    [InlineData("state/queue")]
    [InlineData("state/postmaster")]
    [InlineData("mail")]
    public void AFolderThatOthersCanWriteTo_IsNamedAndNotCorrected(string name)
    {
        Assert.Null(Prepare());
        const UnixFileMode open = Readable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        File.SetUnixFileMode(_scratch[name], open);
        var problem = Prepare()!;
        Assert.StartsWith($"{_scratch[name]}: has mode 0777, expected 07", problem, StringComparison.Ordinal);
        Assert.Equal(open, File.GetUnixFileMode(_scratch[name]));

        // What it says to do is all there is to do.
        Tool.Run("/bin/sh", ["-c", problem[(problem.IndexOf("; run: ", StringComparison.Ordinal) + 7)..]]).MustSucceed();
        Assert.Null(Prepare());
    }

    [Theory]
    [InlineData("state/queue")]
    [InlineData("mail")]
    public void AMailFolderThatOthersCanRead_IsNamed(string name)
    {
        Assert.Null(Prepare());
        File.SetUnixFileMode(_scratch[name], Readable);
        Assert.Equal($"{_scratch[name]}: has mode 0755, expected 0700; run: chmod 0700 {_scratch[name]}", Prepare());
    }

    [Fact]
    public void AFileInTheWay_IsNamed()
    {
        File.WriteAllText(_scratch["state"], "");
        Assert.Equal($"{_scratch["state"]}: is not a folder", Prepare());
    }

    [Fact]
    public void ALinkInTheWay_IsNotFollowed()
    {
        Directory.CreateDirectory(_scratch["elsewhere"]);
        File.CreateSymbolicLink(_scratch["state"], _scratch["elsewhere"]);
        Assert.Equal($"{_scratch["state"]}: is not a folder", Prepare());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_scratch["elsewhere"]));
    }

    [Fact]
    public void AParentThatIsMissing_IsNamed()
    {
        var configuration = Slices.Of(_scratch["none"]);
        Assert.Equal($"{_scratch["none"]}/state: No such file or directory", StateFolders.Prepare(configuration, _ => _self, _self));
        Assert.False(Directory.Exists(_scratch["none"]));
    }

    [Fact]
    public void AsRoot_EachFolderGetsItsOwner()
    {
        Requirement.Root("it gives folders away");
        SystemUser queue = new("q", 61001, 61002, "/");
        SystemUser mail = new("m", 61003, 61004, "/");
        SystemUser auth = new("a", 61005, 61006, "/");
        SystemUser Find(string name) => name switch { "postern-queue" => queue, "postern-auth" => auth, _ => mail };
        Assert.Null(StateFolders.Prepare(Slices.Of(_scratch.Folder), Find, _self));
        Assert.Equal("0:0 0:0 61001:61002 61005:61006 61003:61004 61003:61004", Owners("state", "state/run", "state/queue", "state/auth", "state/postmaster", "mail"));

        // Another's folder is not taken over.
        SystemUser other = new("o", 61009, 61009, "/");
        Assert.Equal($"{_scratch["state/queue"]}: belongs to uid 61001, expected 61009; run: chown -R 61009:61009 {_scratch["state/queue"]}", StateFolders.Prepare(Slices.Of(_scratch.Folder), name => name == "postern-queue" ? other : Find(name), _self));
        Assert.Equal("61001:61002", Owners("state/queue"));
    }

    public void Dispose() => _scratch.Dispose();

    private string? Prepare() => StateFolders.Prepare(Slices.Of(_scratch.Folder), _ => _self, _self);

    private string Owners(params string[] names) =>
        Tool.Run("stat", ["-c", "%u:%g", .. names.Select(name => _scratch[name])]).MustSucceed().Output.Trim().ReplaceLineEndings(" ");
}
