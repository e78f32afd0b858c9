using Postern.Crash.Load;
using Postern.TestKit.Servers;

namespace Postern.Crash.Power;

/// <summary>A server at work on a disk that keeps a record: what it wrote, and what had been acknowledged when.</summary>
/// <param name="Start">What the disk held at the beginning.</param>
/// <param name="Record">What it was told.</param>
/// <param name="Acknowledged">The numbers of the messages, each with the length of the record when its 250 had been read, or earlier.</param>
/// <param name="LastNumber">The highest number that any message had.</param>
internal sealed record RecordedLife(SparseImage Start, DiskRecord Record, IReadOnlyDictionary<int, long> Acknowledged, int LastNumber)
{
    /// <summary>Starts a server on the disk, does something with it under load, and takes the record.</summary>
    /// <param name="mounts">A place for all of it.</param>
    /// <param name="before">What happened to the disk before; null for a new one.</param>
    /// <param name="work">What happens.</param>
    internal static RecordedLife Live(OwnMounts mounts, (SparseImage Disk, IEnumerable<int> Acknowledged, int LastNumber)? before, Action<PosternServer, LoadClient> work)
    {
        var image = before is null ? MountedDisk.Format(mounts, "recorded") : Path.Join(mounts.Folder, "recorded");
        before?.Disk.Save(mounts.Seen(image));
        var start = before?.Disk ?? SparseImage.Read(mounts.Seen(image));
        var log = Path.Join(mounts.Folder, "record");
        File.WriteAllBytes(mounts.Seen(log), []);
        using var device = new TestDisk(mounts, image, "--record", log);
        using var disk = new MountedDisk(mounts, device.Device, "recorded-disk").Mount();
        using var server = PosternServer.Start(Trial.Configuration, disk.Place);
        using var load = new LoadClient(server, Trial.Recipient)
        {
            // Read late it can only be too large: then less is asked for than could be.
            Clock = () => new FileInfo(mounts.Seen(log)).Length,
            LastNumber = before?.LastNumber ?? 0,
        }.Start();
        work(server, load);
        load.Stop();
        server.KillEverything();
        var record = new DiskRecord(File.ReadAllBytes(mounts.Seen(log)));
        disk.Unmount();
        var acknowledged = load.AcknowledgedAt.ToDictionary();
        foreach (var number in before?.Acknowledged ?? [])
        {
            acknowledged[number] = 0;
        }

        return new RecordedLife(start, record, acknowledged, load.LastNumber);
    }

    /// <summary>The numbers whose 250 had been read before the end of an interval.</summary>
    internal IEnumerable<int> AcknowledgedBefore(DiskRecord.Interval interval) =>
        Acknowledged.Where(one => one.Value <= interval.End).Select(one => one.Key);

    /// <summary>Every power cut that is tried, with the disk as it leaves it.</summary>
    internal IEnumerable<(string Name, SparseImage Disk, DiskRecord.Interval At)> Cuts(Random random, Func<int, bool> isWanted)
    {
        var durable = Start.Copy();
        var count = 0;
        for (var at = 0; at < Record.Intervals.Count; at++)
        {
            foreach (var cut in PowerCut.Of(Record.Intervals[at].Writes, random))
            {
                if (isWanted(count++))
                {
                    var disk = durable.Copy();
                    Apply(disk, cut.Survivors);
                    yield return ($"flush {at} of {Record.Intervals.Count}: {cut.Name}", disk, Record.Intervals[at]);
                }
            }

            Apply(durable, Record.Intervals[at].Writes);
        }
    }

    private static void Apply(SparseImage disk, IEnumerable<DiskWrite> writes)
    {
        foreach (var write in writes)
        {
            disk.Write(write.Offset, write.Content.Span);
        }
    }
}
