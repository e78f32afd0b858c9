using System.Text;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.CommandLine.Tests.Offline;

/// <summary>A queue of several segments, of which every byte is known: what belongs to which message.</summary>
internal sealed class DamagedQueue
{
    internal const int SegmentBytes = 64 * 1024;

    private readonly List<(ulong Message, string File, int Begin, int End)> _parts = [];
    private readonly Dictionary<ulong, string> _contents = [];

    internal DamagedQueue()
    {
        var random = new Random(11);
        var disk = new SimulatedDisk();
        using var log = new SegmentLog(disk, Options());
        Assert.Equal(LogResult.Success, log.Recover(new Seen(), out _));
        for (var id = 1ul; id <= 36; id++)
        {
            Write(log, id, random);
            if (id is 9 or 20)
            {
                Earlier.Add(disk.Kill());
            }
        }

        Disk = disk.Kill();
        Assert.InRange(Segments.Length, 3, 6);
    }

    /// <summary>What is on the disk.</summary>
    internal SimulatedDisk Disk { get; }

    /// <summary>What was on it before: backups.</summary>
    internal List<SimulatedDisk> Earlier { get; } = [];

    /// <summary>The names of the segments, oldest first.</summary>
    internal string[] Segments => [.. Disk.Names.Where(name => name.StartsWith("segment-", StringComparison.Ordinal))];

    /// <summary>Where the records of messages end in the last segment, without the zeros that fill them up.</summary>
    internal IEnumerable<int> Ends => _parts.Where(part => part.File == Segments[^1]).Select(part => part.End);

    internal static LogOptions Options()
    {
        var epoch = 77ul;
        return new LogOptions { SegmentBytes = SegmentBytes, MinFreeBytes = 0, ZeroedPerCall = 0, DrawEpoch = () => unchecked(epoch = (epoch * 6364136223846793005) + 1) };
    }

    /// <summary>A message as an export has to write it.</summary>
    internal string Exported(ulong id) => $"Return-Path: <ann@example.org>\nX-Postern-Recipient: u{id}@example.org\n{_contents[id].Replace("\r\n", "\n", StringComparison.Ordinal)}";

    internal bool Knows(ulong id) => _contents.ContainsKey(id);

    /// <summary>
    /// The messages of which nothing is touched: every byte of every record of theirs is as it was written, and the file goes on to
    /// where the next record would begin. A record ends there (docs/queue-format.md); one at the end of a batch that was never
    /// committed could otherwise be cut within its last eight bytes.
    /// </summary>
    internal IEnumerable<ulong> Intact(SimulatedDisk damaged)
    {
        var files = damaged.Names.ToDictionary(name => name, damaged.Look);
        return _contents.Keys.Where(id => _parts.Where(part => part.Message == id).All(part =>
            files.TryGetValue(part.File, out var now) && now.Length >= (part.End + 7) / 8 * 8
            && now.Span[part.Begin..part.End].SequenceEqual(Disk.Look(part.File).Span[part.Begin..part.End])));
    }

    private void Write(SegmentLog log, ulong id, Random random)
    {
        var text = new StringBuilder($"Subject: {id}\r\n\r\n");
        for (var lines = random.Next(3, 60); lines > 0; lines--)
        {
            text.Append((char)('a' + random.Next(26)), random.Next(1, 78)).Append("\r\n");
        }

        var content = text.ToString();
        _contents[id] = content;
        var cut = random.Next(1, content.Length);
        RecordPosition[] pieces = [Content(log, id, content[..cut]), Content(log, id, content[cut..])];
        if (id % 5 == 0)
        {
            Assert.Equal(LogResult.Success, log.Commit()); // In batches of their own.
        }

        var recipient = $"u{id}@example.org";
        Add(id, QueueRecords.Envelope(log, id, (0, 0), pieces, content.Length, recipient), QueueRecords.EnvelopeBytes(id, 0, 0, pieces, content.Length, recipient).Length);
        if (id % 3 != 0 || id == 36)
        {
            Assert.Equal(LogResult.Success, log.Commit());
        }
    }

    private RecordPosition Content(SegmentLog log, ulong id, string text)
    {
        var position = QueueRecords.Content(log, id, text);
        Add(id, position, 8 + text.Length);
        return position;
    }

    private void Add(ulong id, RecordPosition position, int length) =>
        _parts.Add((id, $"segment-{position.Section:x8}", (int)position.Place, (int)position.Place + 24 + length));

    /// <summary>What a recovery shows, as far as it is about damage.</summary>
    internal sealed class Seen : ILogVisitor
    {
        internal List<Damage> Damages { get; } = [];

        public void Checkpoint(ReadOnlySpan<byte> piece)
        {
            // There is none in this queue: a start and a look at everything find the same.
        }

        public void Record(RecordKind kind, RecordPosition position, int length, ReadOnlySpan<byte> payload)
        {
            // What is shown is the business of other tests.
        }

        public void Damaged(Damage damage) => Damages.Add(damage);
    }
}
