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

    internal static LogOptions Options() => new() { SegmentBytes = SegmentBytes, MinFreeBytes = 0, ZeroedPerCall = 0 };

    internal bool Knows(string content) => _sent.Contains(content);

    /// <summary>
    /// Contents of the messages of which no byte is touched, in batches that certainly count: they are whole, or something
    /// of a later batch is.
    /// </summary>
    internal IEnumerable<string> Intact(SimulatedDisk damaged)
    {
        var files = damaged.Names.ToDictionary(name => name, damaged.Look);
        var whole = _parts.Where(part => files.TryGetValue(part.File, out var now) && now.Length >= part.End
            && now.Span[part.Begin..part.End].SequenceEqual(Disk.Look(part.File).Span[part.Begin..part.End])).ToHashSet();
        var last = whole.Max(part => part.Batch);
        if (!_parts.Where(part => part.Batch == last).All(whole.Contains))
        {
            whole.RemoveWhere(part => part.Batch == last);
        }

        // Of each message the newest envelope, with the content that it names, is what counts.
        var envelopes = _parts.Where(part => part.Kind == RecordKind.Envelope).GroupBy(part => part.Message).Select(copies => copies.Last());
        foreach (var envelope in envelopes.Where(whole.Contains))
        {
            var pieces = _parts.Where(part => part.Kind == RecordKind.Content && part.Message == envelope.Message)
                .Where(piece => envelope.Payload.AsSpan().IndexOf(PositionOf(piece)) >= 0).ToList();
            if (pieces.All(whole.Contains))
            {
                yield return string.Concat(pieces.Select(piece => Encoding.ASCII.GetString(piece.Payload.AsSpan(8))));
            }
        }
    }

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

    /// <summary>One record.</summary>
    private sealed record Part(string File, int Begin, int End, ulong Batch, RecordKind Kind, ulong Message, byte[] Payload);
}
