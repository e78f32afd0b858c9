using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Posix;
using Postern.Queue.Records;
using Postern.Spool;

namespace Postern.Queue;

/// <summary>The queue's own words for the log: content, envelopes, results and starts instead of kinds and payloads.</summary>
/// <remarks>What it hands out of a read is valid until the next read of the same sort.</remarks>
internal sealed class QueueLog(IRecordLog log) : IDisposable
{
    private readonly ByteQueue _scratch = new();
    private readonly List<SectionUse> _sections = [];
    private readonly Queue<(RecordKind Kind, byte[] Payload)> _overdue = new();
    private byte[] _envelope = new byte[16 * 1024];
    private byte[] _content = new byte[FrameLimits.MaxContent + ContentRecord.HeaderSize];
    private byte[] _result = new byte[4 * 1024];

    /// <summary>The log itself.</summary>
    internal IRecordLog Records => log;

    /// <summary>True while something is still to be appended that there was no room for.</summary>
    internal bool HasOverdue => _overdue.Count > 0;

    /// <summary>False while messages are refused for want of room.</summary>
    internal bool HasRoom => log.Prepare() == LogResult.Success && !log.IsFull;

    /// <summary>Bytes written in all sections.</summary>
    internal long Bytes => Sections.Sum(section => (long)section.Bytes);

    /// <summary>The sections, oldest first; the last is being written.</summary>
    internal IReadOnlyList<SectionUse> Sections
    {
        get
        {
            _sections.Clear();
            log.ListSections(_sections);
            return _sections;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => log.Dispose();

    /// <summary>Opens the log in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="segmentBytes">How long a new segment is.</param>
    /// <returns>The log, or what is wrong.</returns>
    internal static (QueueLog? Log, string? Problem) Open(string folder, int segmentBytes)
    {
        var opened = PosixDisk.Open(folder, writable: true, out var disk);
        return disk is null ? (null, Errno.Describe(opened.Error)) : (new QueueLog(new SegmentLog(disk, new LogOptions { SegmentBytes = segmentBytes })), null);
    }

    /// <summary>Appends a piece of content.</summary>
    internal LogResult AppendContent(MessageId message, ReadOnlySpan<byte> content, out RecordPosition position)
    {
        ContentRecord.Write(FrameWriter.Fields(_scratch), message.Value, content);
        return Append(RecordKind.Content, keep: false, out position);
    }

    /// <summary>Writes pieces of content anew, further along; null when there was no room.</summary>
    /// <param name="message">Their message.</param>
    /// <param name="pieces">Where they are.</param>
    /// <param name="bytes">What they take, or a little more: half of a copy would use up room for nothing, each time anew.</param>
    internal List<RecordPosition>? CopyContent(MessageId message, IReadOnlyCollection<RecordPosition> pieces, long bytes)
    {
        var copies = new List<RecordPosition>(pieces.Count);
        foreach (var piece in bytes <= log.RoomForCopies ? pieces : [])
        {
            if (AppendContent(message, ReadContent(piece), out var position) != LogResult.Success)
            {
                break;
            }

            copies.Add(position);
        }

        return copies.Count == pieces.Count ? copies : null;
    }

    /// <summary>Appends an envelope record.</summary>
    internal LogResult AppendEnvelope(ReadOnlySpan<byte> payload, out RecordPosition position)
    {
        position = default;
        return CatchUp() is not LogResult.Success and var refusal ? refusal : log.Append(RecordKind.Envelope, payload, out position);
    }

    /// <summary>Appends a result; null when there was no room even in the reserve.</summary>
    /// <param name="result">The result.</param>
    /// <param name="keep">True to have it appended, when there was no room, before anything else is.</param>
    internal RecordPosition? AppendResult(scoped in ResultRecord result, bool keep = false)
    {
        result.Write(FrameWriter.Fields(_scratch));
        return Append(RecordKind.Result, keep, out var position) == LogResult.Success ? position : null;
    }

    /// <summary>Appends the start of a run; when there was no room, before anything else is appended.</summary>
    internal LogResult AppendStart(StartRecord start)
    {
        start.Write(FrameWriter.Fields(_scratch));
        return Append(RecordKind.Start, keep: true, out _);
    }

    /// <summary>Appends what there was no room for when it happened. What comes later may build on it, so nothing does before.</summary>
    internal LogResult CatchUp()
    {
        var result = LogResult.Success;
        while (result == LogResult.Success && _overdue.TryPeek(out var first))
        {
            result = log.Append(first.Kind, first.Payload, out _);
            _ = result == LogResult.Success && _overdue.TryDequeue(out _);
        }

        return result;
    }

    /// <summary>Reads an envelope record that is known to be there.</summary>
    internal ReadOnlySpan<byte> ReadEnvelope(RecordPosition position) => Read(position, ref _envelope);

    /// <summary>Reads an envelope record that may be damaged.</summary>
    internal ReadResult TryReadEnvelope(RecordPosition position, out ReadOnlySpan<byte> payload) => TryRead(position, ref _envelope, out payload);

    /// <summary>Reads the content of a content record that is known to be there.</summary>
    internal ReadOnlySpan<byte> ReadContent(RecordPosition position) => ContentRecord.BytesOf(Read(position, ref _content));

    /// <summary>Reads a result record that may be damaged.</summary>
    internal bool TryReadResult(RecordPosition position, out ResultRecord result)
    {
        result = default;
        var read = TryRead(position, ref _result, out var payload);
        return read == ReadResult.Failed ? throw Unreadable(position, read) // The next run may read it.
            : read == ReadResult.Success && ResultRecord.TryRead(payload, out result);
    }

    /// <summary>Success when an intact content record is there: asked after damage was found.</summary>
    internal ReadResult HasContent(RecordPosition position) =>
        log.Read(position, _content, out var kind, out var length) is not ReadResult.Success and var result ? result
        : kind == RecordKind.Content && length >= ContentRecord.HeaderSize ? ReadResult.Success : ReadResult.NotThere;

    private LogResult Append(RecordKind kind, bool keep, out RecordPosition position)
    {
        position = default;
        var result = CatchUp();
        result = result == LogResult.Success ? log.Append(kind, _scratch.Span, out position) : result;
        if (keep && result == LogResult.Full)
        {
            _overdue.Enqueue((kind, _scratch.Span.ToArray()));
        }

        _scratch.Consume(_scratch.Length);
        return result;
    }

    private ReadOnlySpan<byte> Read(RecordPosition position, ref byte[] buffer)
    {
        var result = TryRead(position, ref buffer, out var payload);
        if (result == ReadResult.Success)
        {
            return payload;
        }

        if (result == ReadResult.NotThere)
        {
            // The table names only what was whole once: the disk has changed under us. The next run has to look at everything.
            _ = AppendStart(StartRecord.Suspicion);
            _ = log.Commit();
        }

        throw Unreadable(position, result);
    }

    private InvalidOperationException Unreadable(RecordPosition position, ReadResult result) =>
        new($"The log can't give back the record at {position}: {(result == ReadResult.Failed ? log.LastFailure : result.ToString())}.");

    private ReadResult TryRead(RecordPosition position, ref byte[] buffer, out ReadOnlySpan<byte> payload)
    {
        var result = log.Read(position, buffer, out _, out var length);
        if (result == ReadResult.TooLong)
        {
            buffer = new byte[length];
            result = log.Read(position, buffer, out _, out length);
        }

        payload = result == ReadResult.Success ? buffer.AsSpan(0, length) : default;
        return result;
    }
}
