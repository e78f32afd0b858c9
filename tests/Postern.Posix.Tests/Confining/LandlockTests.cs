using Postern.Posix.Confining;
using Postern.Posix.Files;
using Postern.Posix.Processes;
using Postern.Posix.Tests.Files;
using Postern.TestKit.Servers;

namespace Postern.Posix.Tests.Confining;

/// <summary>Landlock on this kernel, in every version up to its own. A thread that restricts itself is the prisoner; the others go free (attack N6).</summary>
public sealed class LandlockTests : IDisposable
{
    private const LandlockRights Change =
        LandlockRights.ReadFile | LandlockRights.ReadFolder | LandlockRights.WriteFile | LandlockRights.MakeFile | LandlockRights.RemoveFile | LandlockRights.Truncate;

    private readonly TemporaryFolder _folder = new();

    public LandlockTests()
    {
        if (Landlock.Version.Failed)
        {
            Requirement.Skip($"this system has no Landlock: {Landlock.Version}");
        }

        Assert.True(_folder.Handle.MakeDirectory("in"u8, 0x1c0).Ok);
        Assert.True(_folder.Handle.MakeDirectory("out"u8, 0x1c0).Ok);
        File.WriteAllText(In("file"), "x");
        File.WriteAllText(Out("file"), "x");
    }

    /// <summary>Every version up to this kernel's; version 1 alone where there is none, for the skip to be said.</summary>
    public static TheoryData<int> Versions => [.. Enumerable.Range(1, Math.Max(Landlock.Version.Value, 1))];

    [Theory]
    [MemberData(nameof(Versions))]
    public void WhatWasNotNamed_CanNotBeOpened(int version) => InPrison(version, rules => rules.Grant(In(""), Change), () =>
    {
        Assert.Equal("x", File.ReadAllText(In("file")));
        File.WriteAllText(In("new"), "y");
        File.Delete(In("new"));
        Assert.Throws<UnauthorizedAccessException>(() => File.ReadAllText(Out("file")));
        Assert.Throws<UnauthorizedAccessException>(() => File.WriteAllText(Out("new"), "y"));
        Assert.Throws<UnauthorizedAccessException>(() => File.Delete(Out("file")));
        Assert.Equal(Errno.AccessDenied, Attempt.OpenFolder("/").Error);
        Assert.Equal(Errno.AccessDenied, Attempt.OpenFolder(Out("")).Error);
        // No right to make folders was given.
        Assert.Throws<UnauthorizedAccessException>(() => Directory.CreateDirectory(In("folder")));
    });

    [Theory]
    [MemberData(nameof(Versions))]
    public void WhatMayOnlyBeRead_CanNotBeChanged(int version) => InPrison(version, rules => rules.Grant(In(""), LandlockRights.ReadFile), () =>
    {
        Assert.Equal("x", File.ReadAllText(In("file")));
        Assert.Throws<UnauthorizedAccessException>(() => File.WriteAllText(In("file"), "y"));
        Assert.Throws<UnauthorizedAccessException>(() => File.Delete(In("file")));
        Assert.Equal(Errno.AccessDenied, Attempt.OpenFolder(In("")).Error);
    });

    // Version 1 refuses moves between folders to everybody, whatever is granted: whoever needs them does without Landlock there.
    [Theory]
    [MemberData(nameof(Versions))]
    public void AMoveFromOneFolderToAnother_IsARightOfItsOwnFromVersionTwoOn(int version)
    {
        foreach (var right in new[] { LandlockRights.None, LandlockRights.Move })
        {
            InPrison(version, rules => rules.Grant(_folder.Path, Change | right), () =>
            {
                Assert.True(DirectoryHandle.Open(In(""), out var from).Ok);
                Assert.True(DirectoryHandle.Open(Out(""), out var to).Ok);
                using (from)
                using (to)
                {
                    var moved = from!.Rename("file"u8, to!, "moved"u8);
                    Assert.Equal(version > 1 && right == LandlockRights.Move, moved.Ok);
                    Assert.True(!moved.Ok || to!.Rename("moved"u8, from!, "file"u8).Ok);
                }
            });
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void BindingATcpPort_IsRefusedFromVersionFourOn(int version)
    {
        const int inet = 2;
        const int stream = 1;
        InPrison(version, _ => CallResult.Of(0), () =>
            Assert.Equal(version >= 4 ? Errno.AccessDenied : 0, Attempt.OpenSocket(inet, stream, bind: true).Error));
        Assert.False(Attempt.OpenSocket(inet, stream, bind: true).Failed);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void SignalsToOthers_AreRefusedFromVersionSixOn(int version)
    {
        const int nothing = 0;
        InPrison(version, _ => CallResult.Of(0), () => Assert.Equal(version >= 6, ChildProcess.Signal(OwnProcess.Parent, nothing).Failed));
    }

    [Fact]
    public void AFileAmongFolders_GetsTheRightsThatFilesHave() => InPrison(1, rules => rules.Grant(In("file"), Change), () =>
    {
        Assert.Equal("x", File.ReadAllText(In("file")));
        Assert.Throws<UnauthorizedAccessException>(() => File.ReadAllText(Out("file")));
    });

    [Fact]
    public void APlaceThatIsNotThere_GrantsNothingAndBreaksNothing() => InPrison(1, rules =>
    {
        Assert.Equal(Errno.NoEntry, rules.Grant(In("missing"), Change).Error);
        return CallResult.Of(0);
    }, () => Assert.Throws<UnauthorizedAccessException>(() => File.ReadAllText(In("file"))));

    [Fact]
    public void AFileThatIsOpen_IsGranted_AndNotWhatGetsItsNameLater()
    {
        Assert.False(ReadOnlyFile.ReadHead(In("file"), [], out var file).Failed);
        using (file)
        {
            File.Move(In("file"), In("old"));
            File.WriteAllText(In("file"), "another");
            InPrison(1, rules => rules.Grant(file!, LandlockRights.ReadFile), () =>
            {
                Assert.Equal("x", File.ReadAllText(In("old")));
                Assert.Throws<UnauthorizedAccessException>(() => File.ReadAllText(In("file")));
            });
        }
    }

    [Fact]
    public void OtherThreads_GoFree()
    {
        InPrison(1, _ => CallResult.Of(0), () => Assert.True(Attempt.OpenFolder("/").Failed));
        Assert.False(Attempt.OpenFolder("/").Failed);
    }

    public void Dispose() => _folder.Dispose();

    private string In(string name) => Path.Join(_folder.Path, "in", name);

    private string Out(string name) => Path.Join(_folder.Path, "out", name);

    /// <summary>Runs a test on a thread that is restricted before.</summary>
    private static void InPrison(int version, Func<Landlock, CallResult> grant, Action test)
    {
        // Loads what a comparison needs: in prison it could not be loaded, and would be missing to all other tests as well.
        Assert.Equal(0, 0);
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Assert.False(OwnProcess.RefuseNewPrivileges().Failed);
                Assert.False(Landlock.Begin(version, mayConnect: true, out var rules).Failed);
                using (rules)
                {
                    var granted = grant(rules!);
                    Assert.False(granted.Failed, granted.ToString());
                    Assert.False(rules!.Enter().Failed);
                }

                test();
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }
        });
        thread.Start();
        thread.Join();
        Assert.True(failure is null, failure?.ToString());
    }
}
