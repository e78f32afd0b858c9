using Postern.Crash.Load;
using Postern.TestKit.Servers;

namespace Postern.Crash.Power;

/// <summary>The disk itself answers with errors, below a real file system: no 250 for what it did not take, and nothing is lost.</summary>
public sealed class BrokenDiskTests(ITestOutputHelper output)
{
    private static readonly int _single = Environment.GetEnvironmentVariable("POSTERN_LONG") is { Length: > 0 } ? 60 : 3;

    /// <summary>More than there are: the disk has to have room for all of them.</summary>
    private const int MessagesPerFailure = 200;

    [Fact]
    public void ADiskThatTakesNothingMore_IsPromisedNothingAndKeepsWhatItHad()
    {
        using var mounts = new OwnMounts();
        var broken = Path.Join(mounts.Folder, "broken");
        using var device = new TestDisk(mounts, MountedDisk.Format(mounts, "image"), "--fail", broken);
        using var disk = new MountedDisk(mounts, device.Device, "disk").Mount();
        using var server = PosternServer.Start(place: disk.Place);
        using var load = new LoadClient(server, _ => "bob@example.org").Start();
        load.AwaitMore(30);
        File.WriteAllBytes(mounts.Seen(broken), []);
        // It says why it gives up, and every new start says why it can't be.
        server.AwaitLog(line => line.Contains("storage-failed", StringComparison.Ordinal), "storage-failed");
        AwaitEnds(server, 2);
        var before = load.Acknowledged.Count;
        AwaitEnds(server, 4);
        Assert.Equal(before, load.Acknowledged.Count);

        File.Delete(mounts.Seen(broken));
        MendByMounting(server, disk);
        Settle(server, load);
        disk.Unmount();
    }

    [Fact]
    public void ADiskThatFailsOnce_CostsNothingThatWasAcknowledged()
    {
        using var mounts = new OwnMounts();
        var once = Path.Join(mounts.Folder, "once");
        using var device = new TestDisk(mounts, MountedDisk.Format(mounts, "image", MessagesPerFailure * _single), "--fail-once", once);
        using var disk = new MountedDisk(mounts, device.Device, "disk").Mount();
        using var server = PosternServer.Start(place: disk.Place);
        using var load = new LoadClient(server, _ => "bob@example.org").Start();
        var mended = 0;
        for (var failure = 0; failure < _single; failure++)
        {
            load.AwaitMore(20);
            File.WriteAllBytes(mounts.Seen(once), []);
            Patience.Until(() => !File.Exists(mounts.Seen(once)), () => "nothing is written");
            // What the failure hits is chance: the log, a delivery, or the file system's journal, which then is read-only for good.
            if (!load.GoesOn(20, () => IsReadOnly(mounts, disk)))
            {
                mended++;
                MendByMounting(server, disk);
            }
        }

        output.WriteLine($"{_single} failures, after {mended} of them the file system had to be mounted anew");
        Settle(server, load);
        disk.Unmount();
    }

    private static void AwaitEnds(PosternServer server, int count) => Patience.Until(
        () => server.Log.Count(line => line.Contains("program-ended name=queue", StringComparison.Ordinal)) >= count,
        () => string.Join('\n', server.Log.TakeLast(30)));

    private static void MendByMounting(PosternServer server, MountedDisk disk)
    {
        server.Stop();
        disk.Unmount();
        disk.Mount();
        server.Restart();
    }

    private static bool IsReadOnly(OwnMounts mounts, MountedDisk disk) => mounts.Run("touch", Path.Join(disk.Folder, "probe")).Code != 0;

    private void Settle(PosternServer server, LoadClient load)
    {
        load.AwaitMore(20);
        load.Stop();
        Arrivals.AwaitIn(server.Mailbox("bob"), load);
        output.WriteLine($"{load.Acknowledged.Count} acknowledged, {server.Mailbox("bob").Count} arrived");
        Assert.Equal(0, server.Stop());
    }
}
