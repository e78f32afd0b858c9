using Postern.Crash.Load;
using Postern.Crash.Syncing;
using Postern.TestKit.Servers;

namespace Postern.Crash.Power;

/// <summary>That the trials can fail: syncs that do nothing and report success are found by each of them.</summary>
public sealed class LyingSyncTests(ITestOutputHelper output)
{
    private static readonly string[] _lie = ["-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:retval=0"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AShutdown_LosesWhatIsQueuedOnlyWhenSyncsLie(bool lies)
    {
        using var mounts = new OwnMounts();
        using var disk = new MountedDisk(mounts, MountedDisk.Format(mounts, "image"), "disk").Mount();
        // Nobody takes it, so that the queue alone has it.
        using var server = PosternServer.Start(new PosternConfiguration { Routes = $"\"*\" = \"127.0.0.1:{LoopbackPort.Free()}\"" }, disk.Place);
        using var strace = lies ? new Strace([server.PidOf("queue")!.Value], _lie) : null;
        using var load = new LoadClient(server, number => $"x{number}@away.example").Start();
        load.AwaitMore(20);
        disk.CutPower(logFlush: false);
        load.Stop();
        server.KillEverything();
        disk.Unmount();
        disk.Mount();
        server.Restart();
        var queued = server.Postern(["queue", "list", "--json"]).MustSucceed().Output;
        var lost = load.Acknowledged.Where(number => !queued.Contains($"\"x{number}@away.example\"", StringComparison.Ordinal)).ToList();
        output.WriteLine($"{lost.Count} of {load.Acknowledged.Count} lost");
        Assert.Equal(lies, lost.Count > 0);
        Assert.Equal(0, server.Stop());
        disk.Unmount();
    }

    [Fact]
    public void AReplay_FindsThatSyncsLie()
    {
        using var mounts = new OwnMounts();
        var life = RecordedLife.Live(mounts, null, (server, load) =>
        {
            using var strace = new Strace([server.PidOf("queue")!.Value], _lie);
            load.AwaitMore(10);
        });
        var trial = new Trial(mounts);
        var verdicts = life.Cuts(new Random(1), _ => true)
            .Where(cut => cut.Name.EndsWith(": nothing", StringComparison.Ordinal) && life.AcknowledgedBefore(cut.At).Any())
            .Select(cut => trial.Judge(cut.Disk, life.AcknowledgedBefore(cut.At)));
        var found = Assert.IsType<string>(verdicts.FirstOrDefault(verdict => verdict is not null));
        output.WriteLine(found);
        Assert.StartsWith("lost of ", found, StringComparison.Ordinal);
    }
}
