using System.Buffers.Binary;
using System.Text;
using Postern.Mail;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests;

/// <summary>A queue's directory of several segments with a checkpoint, of which is known where every message stands.</summary>
internal sealed class DamagedSpool
{
    internal const int SegmentBytes = 64 * 1024;

    private readonly HashSet<string> _sent = [];
    private readonly HashSet<string> _finished = [];
    private readonly List<Part> _parts = [];

    internal DamagedSpool()
    {
        var disk = new SimulatedDisk();
        using (var rig = new QueueRig(new SegmentLog(disk, Options())))
        {
            Submit(rig, 0, 8);
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
            Earlier.Add(disk.Kill());
            // Enough that comes and goes for a checkpoint, and for the first messages to be written anew.
            for (var number = 100; number < 130; number++)
            {
                Submit(rig, number, 1, "u@a.test", 12_000);
                _finished.UnionWith(rig.Local.Attempts.Select(attempt => attempt.Content.ToString()));
                rig.AnswerAll(rig.Local, DeliveryOutcome.Delivered);
                rig.Clock.Pass(TimeSpan.FromSeconds(2));
                rig.Turn();
            }

            Earlier.Add(disk.Kill());
            Submit(rig, 200, 12);
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
            Earlier.Add(disk.Kill());
            Submit(rig, 300, 6);
        }

        Disk = disk.Kill();
        Assert.InRange(Segments.Length, 2, 12);
        foreach (var name in Segments)
        {
            Walk(name);
        }
    }

    /// <summary>What is on the disk.</summary>
    internal SimulatedDisk Disk { get; }

    /// <summary>What was on it before: backups.</summary>
    internal List<SimulatedDisk> Earlier { get; } = [];

    /// <summary>The names of the segments, oldest first.</summary>
    internal string[] Segments => [.. Disk.Names.Where(name => name.StartsWith("segment-", StringComparison.Ordinal))];

    /// <summary>Contents of the messages that are still to be delivered.</summary>
    internal IEnumerable<string> Open => _sent.Except(_finished);

    /// <summary>Where the last batch begins in the last segment.</summary>
    internal int LastBatch => _parts.Where(part => part.Batch == _parts[^1].Batch).Min(part => part.Begin);

    /// <summary>A bit in the header and one in the payload of every record, and whether it is of the last batch.</summary>
    internal IEnumerable<(string File, int Bit, bool IsLast)> BitOfEveryPart =>
        from part in _parts.Index()
        from at in new[] { part.Item.Begin + (part.Index * 5 % RecordHeader.Size), part.Item.Begin + RecordHeader.Size + (part.Item.Payload.Length / 2) }
        select (part.Item.File, (at * 8) + (part.Index % 8), part.Item.Batch == _parts[^1].Batch);

    internal static LogOptions Options() => new() { SegmentBytes = SegmentBytes, MinFreeBytes = 0, ZeroedPerCall = 0 };

    internal bool Knows(string content) => _sent.Contains(content);

    /// <summary>
    /// What has to become of the messages whose newest envelope is untouched, in a batch that certainly counts: it is whole,
    /// or something of a later batch is.
    /// </summary>
    internal Verdict Judge(SimulatedDisk damaged)
    {
        var files = damaged.Names.ToDictionary(name => name, damaged.Look);
        var whole = _parts.Where(part => files.TryGetValue(part.File, out var now) && now.Length >= part.End
            && now.Span[part.Begin..part.End].SequenceEqual(Disk.Look(part.File).Span[part.Begin..part.End])).ToHashSet();
        var verdict = new Verdict([], [], []);
        // Of each message the newest envelope, with the content that it names, is what counts.
        var envelopes = _parts.Where(part => part.Kind == RecordKind.Envelope).GroupBy(part => part.Message).Select(copies => copies.Last()).ToList();
        var last = whole.Max(part => part.Batch);
        if (!_parts.Where(part => part.Batch == last).All(whole.Contains))
        {
            whole.RemoveWhere(part => part.Batch == last);
            verdict.Dropped.UnionWith(_parts.Where(part => part.Kind == RecordKind.Envelope && part.Batch == last).GroupBy(part => part.Message)
                .Where(copies => !_parts.Exists(part => part.Kind == RecordKind.Envelope && part.Message == copies.Key && part.Batch < last))
                .Select(copies => ContentOf(PiecesOf(copies.Last()))));
        }

        foreach (var envelope in envelopes.Where(whole.Contains))
        {
            var pieces = PiecesOf(envelope);
            var content = ContentOf(pieces);
            if (pieces.TrueForAll(whole.Contains))
            {
                verdict.Intact.Add(content);
            }
            else if (_sent.Contains(content) && !_finished.Contains(content)) // Of a finished one the beginning may be freed.
            {
                verdict.Broken.Add(new MessageId(envelope.Message).ToString());
            }
        }

        return verdict;
    }

    private static string ContentOf(List<Part> pieces) => string.Concat(pieces.Select(piece => Encoding.ASCII.GetString(piece.Payload.AsSpan(8))));

    private List<Part> PiecesOf(Part envelope) => [.. _parts.Where(part => part.Kind == RecordKind.Content && part.Message == envelope.Message)
        .Where(piece => envelope.Payload.AsSpan().IndexOf(PositionOf(piece)) >= 0)];

    private static byte[] PositionOf(Part piece)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Convert.ToUInt32(piece.File[^8..], 16));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), (uint)piece.Begin);
        return bytes;
    }

    private void Submit(QueueRig rig, int first, int count, string recipient = "x@b.test", int filler = 700)
    {
        for (var number = first; number < first + count; number++)
        {
            var content = $"Subject: {number}\r\n\r\n|{new string((char)('a' + (number % 26)), filler + (number * 3))}\r\n";
            rig.Smtpd.Submit("s@f.test", content, recipient);
            _sent.Add(content.Replace("|", string.Empty, StringComparison.Ordinal));
            rig.Turn();
        }
    }

    private void Walk(string name)
    {
        var content = Disk[name];
        Assert.True(SegmentHeader.TryRead(content, out var segment));
        var at = SegmentHeader.TableAt;
        while (RecordHeader.TryRead(content.AsSpan(at), segment.Key, (uint)at, out var header))
        {
            var end = at + RecordHeader.Size + header.Length;
            if (header.Kind != RecordKind.SectionTable)
            {
                var payload = content[(at + RecordHeader.Size)..end];
                var message = header.Kind is RecordKind.Content or RecordKind.Envelope ? BinaryPrimitives.ReadUInt64LittleEndian(payload) : 0;
                _parts.Add(new Part(name, at, end, header.Batch, header.Kind, message, payload));
            }

            at += header.Space;
            at = header.Kind is RecordKind.Commit or RecordKind.SectionTable ? (int)SegmentHeader.NextPage(at) : at;
        }
    }

    /// <summary>What damage must lead to.</summary>
    /// <param name="Intact">Contents of the messages that are to be delivered.</param>
    /// <param name="Broken">Ids of the messages that are to be named: their envelopes are whole, their contents are not.</param>
    /// <param name="Dropped">Contents of which nothing may be seen: of the last batch, when it is not whole.</param>
    internal sealed record Verdict(HashSet<string> Intact, HashSet<string> Broken, HashSet<string> Dropped);

    /// <summary>One record.</summary>
    private sealed record Part(string File, int Begin, int End, ulong Batch, RecordKind Kind, ulong Message, byte[] Payload);
}
