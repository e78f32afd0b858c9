using Postern.Crash.Bare;
using Postern.TestKit.Servers;

namespace Postern.Crash.BadDays;

/// <summary>Attacks P8 and P11: the folder is somebody else's, is gone, or is in use. The queue says so, ends, and touches nothing.</summary>
public sealed class FolderTests : IDisposable
{
    private const int System = 71;

    private readonly Scratch _scratch = new(belongsToNobody: false);
    private readonly Account _account = new();

    public FolderTests() => Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private string Folder => _scratch["queue"];

    [Fact]
    public void SecondQueueInOneFolder_IsRefusedAndTheFirstGoesOn()
    {
        using var first = BareQueue.Start(Folder, _scratch["first"]);
        Assert.True(first.AwaitReady(), first.Log);
        _account.Submit(first, 2, 2000, "x@a.test");
        using (var second = BareQueue.Start(Folder, _scratch["second"]))
        {
            Assert.True(second.AwaitEnd() is { Exited: true, ExitCode: System }, second.Log);
            Assert.Contains($"{Folder}: ", second.Log, StringComparison.Ordinal);
            Assert.Contains("another program has the folder", second.Log, StringComparison.Ordinal);
        }

        _account.Submit(first, 2, 2000, "x@a.test");
        Settle(first);
    }

    [Fact]
    public void FolderThatIsNotThere_IsNamed()
    {
        using var queue = BareQueue.Start(_scratch["nowhere"], _scratch["log"]);
        Assert.True(queue.AwaitEnd() is { Exited: true, ExitCode: System }, queue.Log);
        Assert.Contains($"{_scratch["nowhere"]}: No such file or directory", queue.Log, StringComparison.Ordinal);
    }

    // Somebody put a copy back as root. What the queue may not read is not damaged, and must not be set aside.
    [Theory]
    [InlineData("segment-*")]
    [InlineData("lock")]
    [InlineData("*")]
    public void FilesOfAnotherUser_AreNamedWithTheCommandThatHelpsAndLeftAlone(string which)
    {
        Requirement.Root("it gives files away");
        using (var queue = BareQueue.Start(Folder, _scratch["first"]))
        {
            Assert.True(queue.AwaitReady(), queue.Log);
            _account.Submit(queue, 3, 2000, $"{Recipients.Away}@a.test");
            queue.Kill();
            _account.Close(queue);
        }

        Own(Unprivileged.Id, [Folder, .. Directory.GetFiles(Folder)]);
        Own(0, Directory.GetFiles(Folder, which));
        var before = Directory.GetFiles(Folder).Order().ToArray();
        using (var queue = BareQueue.Start(Folder, _scratch["second"], AsNobody))
        {
            Assert.True(queue.AwaitEnd() is { Exited: true, ExitCode: System }, queue.Log);
            Assert.Equal(before, Directory.GetFiles(Folder).Order());
            var command = $"chown -R {Unprivileged.Id}:{Unprivileged.Id} {Folder}";
            Assert.Contains(command, queue.Log, StringComparison.Ordinal);
            Tool.Run("/bin/sh", ["-c", command]).MustSucceed();
        }

        using var last = BareQueue.Start(Folder, _scratch["last"], AsNobody);
        Assert.True(last.AwaitReady(), last.Log);
        Settle(last);
    }

    public void Dispose() => _scratch.Dispose();

    private static string[] AsNobody => ["/usr/bin/setpriv", .. Unprivileged.Command("x").Skip(1).SkipLast(1)];

    private static void Own(int user, params string[] paths) => Tool.Run("chown", [$"{user}:{user}", .. paths]).MustSucceed();

    private void Settle(BareQueue queue)
    {
        queue.Local.AllAreHere = true;
        Assert.True(queue.Await(() => _account.IsSettled(queue), "what was accepted"), queue.Log);
        Assert.True(queue.Stop() is { Exited: true, ExitCode: 0 }, queue.Log);
        _account.Close(queue);
        _account.Judge();
    }
}
