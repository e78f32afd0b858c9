using System.Text;
using Postern.TestKit;

namespace Postern.Spool.Tests.SecondReader;

/// <summary>Lets the product and the second reader read the same log, and insists on one answer.</summary>
internal static class BothReaders
{
    /// <summary>Recovers a log from a disk, after asking the second reader what recovery has to show.</summary>
    internal static Recorded Recover(SimulatedDisk disk, SegmentLog log, LogResult expected = LogResult.Success)
    {
        var (reader, left) = Read(disk);
        var seen = Recorded.Of(log, expected);
        Compare(reader, log, seen);
        var aside = disk.Names.Where(name => name.StartsWith("damaged-", StringComparison.Ordinal)).Except(left.Names).Select(name => Convert.ToUInt32(name[^8..], 16)).ToArray();
        Assert.Equal(reader.SetAside.Count, aside.Length);
        // Where the name is taken, which other number it gets is the log's affair.
        Assert.Empty(reader.SetAside.Where(number => !left.Names.Contains($"damaged-{number:x8}")).Except(aside));
        return seen;
    }

    /// <summary>Asks both readers that change nothing, before a run of which nobody compares what it is shown.</summary>
    internal static SegmentLog Open(SimulatedDisk disk)
    {
        Scan(disk);
        return new SegmentLog(disk, LogDriver.Options());
    }

    /// <summary>What the second reader finds, and the disk as recovery will see it.</summary>
    internal static (QueueFormatReader Reader, SimulatedDisk Left) Read(SimulatedDisk disk)
    {
        var left = disk.Kill();
        var files = new Dictionary<string, byte[]>();
        foreach (string name in left.Names.Where(name => name.StartsWith("segment-", StringComparison.Ordinal)))
        {
            // Section 6: recovery syncs and forgets the cache before it reads.
            Assert.True(left.Open(name, out var file).Ok);
            using (file)
            {
                Assert.True(file!.Sync().Ok);
                file.DropCache();
            }
            files[name] = left[name];
        }
        return (new(files), left);
    }

    internal static void Compare(QueueFormatReader reader, SegmentLog log, Recorded seen)
    {
        Assert.Equal(reader.Pieces.Select(Encoding.Latin1.GetString), seen.Pieces);
        Same(reader.All.Where(record => record.Place >= reader.Begin), seen);
        Assert.Equal(Spell(reader.Outside.Concat(reader.Inside(reader.Begin))), Spell(seen.Damages));
        Assert.Equal((reader.FromCheckpoint, reader.ResultsMayBeMissing), (seen.Summary.FromCheckpoint, seen.Summary.ResultsMayBeMissing));
    }

    /// <summary>The product's other reader shows everything, the checkpoint notwithstanding.</summary>
    internal static void Scan(SimulatedDisk disk)
    {
        var (reader, left) = Read(disk);
        using var product = new LogReader(left);
        var seen = new Recorded();
        Assert.True(product.Scan(seen, salvage: false, out var report).Ok);
        Same(reader.All, seen);
        // It does not look at checkpoints.
        Assert.Equal(Spell(reader.Outside.Where(damage => damage.Reason != DamageReason.Checkpoint).Concat(reader.Inside(default))), Spell(seen.Damages));
        Assert.Equal(reader.Kept.Select(segment => segment.Number), report!.Segments.Select(segment => segment.Number));
    }

    private static void Same(IEnumerable<FoundRecord> expected, Recorded seen) => Assert.Equal(
        expected.Select(record => ((RecordKind)record.Kind, new RecordPosition(record.Place.Segment, record.Place.Offset),
            record.Kind == (byte)RecordKind.Content ? $"content {record.Payload.Length}" : Encoding.Latin1.GetString(record.Payload))),
        seen.Records);

    /// <summary>Every damage with its place, its length and its name: both say exactly the same of each.</summary>
    private static string[] Spell(IEnumerable<FoundDamage> damages) =>
        [.. damages.Select(damage => new Damage(damage.Place.Segment, damage.Place.Offset, damage.Length, damage.Reason).ToString()).Order(StringComparer.Ordinal)];

    private static string[] Spell(IEnumerable<Damage> damages) => [.. damages.Select(damage => damage.ToString()).Order(StringComparer.Ordinal)];
}
