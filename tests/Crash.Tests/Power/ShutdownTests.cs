using Postern.Crash.Load;
using Postern.TestKit.Servers;

namespace Postern.Crash.Power;

/// <summary>The power fails under the whole server at work, as far as the file system is concerned.</summary>
public sealed class ShutdownTests(ITestOutputHelper output)
{
    private static readonly int _cuts = Environment.GetEnvironmentVariable("POSTERN_LONG") is { Length: > 0 } ? 200 : 4;

    /// <summary>More than there are: the disk has to have room for all of them.</summary>
    private const int MessagesPerCut = 100;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PowerFailsUnderLoad_EverythingAcknowledgedArrivesWhole(bool logFlush)
    {
        using var mounts = new OwnMounts();
        using var disk = new MountedDisk(mounts, MountedDisk.Format(mounts, "image", MessagesPerCut * _cuts), "disk").Mount();
        using var server = PosternServer.Start(place: disk.Place);
        using var load = new LoadClient(server, _ => "bob@example.org").Start();
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var cut = 0; cut < _cuts; cut++)
        {
            load.AwaitMore(random.Next(1, 60));
            disk.CutPower(logFlush);
            server.KillEverything();
            disk.Unmount();
            disk.Mount();
            server.Restart();
        }

        load.AwaitMore(20);
        load.Stop();
        Arrivals.AwaitIn(server.Mailbox("bob"), load);
        output.WriteLine($"{_cuts} cuts, {load.Acknowledged.Count} acknowledged, {server.Mailbox("bob").Count} arrived");
        Assert.Equal(0, server.Stop());
        disk.Unmount();
    }
}
