using System.Globalization;
using Postern.Mail;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests;

/// <summary>
/// The queue itself on damaged directories: intact messages are delivered, what is missing is named, and nothing is delivered
/// that is not, byte for byte, what was sent. POSTERN_LONG=1 leaves no byte of the last segment out.
/// </summary>
public sealed class DamageSweepTests
{
    private static readonly bool _long = LongForm.IsAsked;

    private readonly DamagedSpool _spool = new();

    [Fact]
    public void AWholeDirectory_IsDeliveredWhole()
    {
        Assert.Equal(_spool.Open.Count(), _spool.Open.Intersect(_spool.Judge(_spool.Disk).Intact).Count());
        Try(_spool.Disk.Kill(), "nothing", mayBeSilent: false);
    }

    // That a file is shorter than its header says is seen; where else the log ends is not: nothing tells that there was more.
    [Fact]
    public void TheLastSegmentCutAtAnyByte() => Sweep(Steps(DamagedSpool.SegmentBytes, 1009).Select(cut => (
        $"cut at {cut}", Change(_spool.Segments[^1], content => content[..cut]), false)));

    [Fact]
    public void TheLastSegmentEndingInZerosAtAnyByte() => Sweep(Steps(DamagedSpool.SegmentBytes, 1013).Select(cut => (
        $"zeros from {cut}", Change(_spool.Segments[^1], content => [.. content[..cut], .. new byte[content.Length - cut]]), true)));

    // The last batch alone can't be told from one that a crash cut off.
    [Fact]
    public void AnyBitOfTheLast64KiB() => Sweep(Steps(8 * DamagedSpool.SegmentBytes, 8191).Select(bit => (
        $"bit {bit}", Flip(_spool.Segments[^1], bit), bit / 8 >= _spool.LastBatch)));

    // The samples of the others rarely hit a header, or what a start does not read and a delivery does.
    [Fact]
    public void ABitOfEveryHeaderAndOfEveryPayload() => Sweep(_spool.BitOfEveryPart.Select(place => (
        $"{place.File}: bit {place.Bit}", Flip(place.File, place.Bit), place.IsLast)));

    [Fact]
    public void BitsOfOlderSegments() => Sweep(_spool.Segments[..^1].SelectMany(name =>
        Steps(8 * DamagedSpool.SegmentBytes, 34939, 523).Select(bit => ($"{name}: bit {bit}", Flip(name, bit), false))));

    [Fact]
    public void AnySegmentMissing() => Sweep(_spool.Segments.Select(name => (
        $"{name} missing", (Action<SimulatedDisk>)(disk => disk.Lose(name)), name == _spool.Segments[^1])));

    // Not only that something was lost by it. Nothing names the last one.
    [Fact]
    public void AMissingSegment_IsNamed() => Assert.All(_spool.Segments[..^1], name =>
    {
        var disk = _spool.Disk.Kill();
        disk.Lose(name);
        using var rig = new QueueRig(new SegmentLog(disk, DamagedSpool.Options()));
        Assert.Contains($"log-damaged where=\"segment {name[^8..]} offset 0 length 0: {DamageReason.MissingSegment}\"", rig.Lines, StringComparison.Ordinal);
    });

    [Fact]
    public void AnySegmentFromABackup() => Sweep(
        from backup in _spool.Earlier
        from name in _spool.Segments
        where backup.Names.Contains(name)
        select ($"{name} of a backup", Change(name, _ => backup[name]), name == _spool.Segments[^1]));

    /// <summary>Places up to an end: a sample, or in the long form all of them, or more of them.</summary>
    private static IEnumerable<int> Steps(int end, int step, int stepOfAll = 1) => Enumerable.Range(0, end).Where(at => at % (_long ? stepOfAll : step) == 0);

    private static Action<SimulatedDisk> Change(string name, Func<byte[], byte[]> change) => disk => disk[name] = change(disk[name]);

    private static Action<SimulatedDisk> Flip(string name, int bit) => Change(name, content =>
    {
        content[bit / 8] ^= (byte)(1 << (bit % 8));
        return content;
    });

    private void Sweep(IEnumerable<(string What, Action<SimulatedDisk> Damage, bool MayBeSilent)> damages) => Parallel.ForEach(LongForm.Part(damages), damage =>
    {
        var disk = _spool.Disk.Kill();
        damage.Damage(disk);
        Try(disk, damage.What, damage.MayBeSilent);
    });

    private void Try(SimulatedDisk disk, string what, bool mayBeSilent)
    {
        var verdict = _spool.Judge(disk);
        var delivered = new HashSet<string>();
        var lines = string.Empty;
        // What recovery does not read is found when it is needed: the program ends, and the next start looks at everything.
        for (var (lives, ended) = (0, false); !ended; lives++)
        {
            Assert.True(lives < 3, $"{what}: the queue never comes to its end");
            using var rig = new QueueRig(new SegmentLog(disk, DamagedSpool.Options()));
            try
            {
                Deliver(rig, delivered, what);
                ended = true;
            }
            catch (Exception end) when (end.GetBaseException() is InvalidOperationException { Message: var message } && message.StartsWith("The log can't give back", StringComparison.Ordinal))
            {
                disk = disk.Kill();
            }

            lines += rig.Lines;
        }

        Assert.True(_spool.Open.Where(verdict.Intact.Contains).All(delivered.Contains), $"{what}: an intact message is not delivered\n{lines}");
        Assert.False(delivered.Overlaps(verdict.Dropped), $"{what}: something of a batch that does not count is delivered\n{lines}");
        foreach (var broken in verdict.Broken)
        {
            Assert.True(lines.Contains($"message-damaged id={broken}\n", StringComparison.Ordinal), $"{what}: {broken} is not named\n{lines}");
        }

        if (!mayBeSilent && !_spool.Open.All(delivered.Contains))
        {
            Assert.True(lines.Contains("-damaged ", StringComparison.Ordinal), $"{what}: nobody is told of a lost message\n{lines}");
        }
    }

    private void Deliver(QueueRig rig, HashSet<string> delivered, string what)
    {
        for (var quarter = 0; quarter < 3; quarter++)
        {
            rig.Clock.Pass(TimeSpan.FromMinutes(15));
            rig.Turn();
            while (rig.Local.Attempts.Concat(rig.Remote.Attempts).ToList() is { Count: > 0 } attempts)
            {
                foreach (var attempt in attempts)
                {
                    var content = attempt.Content.ToString();
                    Assert.True(_spool.Knows(content), string.Create(CultureInfo.InvariantCulture, $"{what}: {attempt.Message} is delivered with {content.Length} bytes that nobody sent"));
                    delivered.Add(content);
                }

                rig.AnswerAll(rig.Local, DeliveryOutcome.Delivered);
                rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
            }
        }

        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);
    }
}
