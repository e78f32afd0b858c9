using Postern.Posix.Files;

namespace Postern.Spool;

/// <summary>Gathers the open batch and writes it: as a rule one write and one sync per batch.</summary>
/// <remarks>
/// Whether there is room, and when the next segment begins, is decided by its owner. What was written stays in memory for a
/// while: on a good day a message is delivered at once, and nothing of it is ever read from the disk.
/// </remarks>
internal sealed class BatchWriter
{
    /// <summary>The longest record and half as much again; pages that a small batch does not touch cost nothing.</summary>
    private const int Capacity = 3 * IRecordLog.MaxPayload / 2;

    /// <summary>Written bytes that are kept: the processor's cache still holds as many, and some fifty usual messages fit.</summary>
    private const int Kept = 256 * 1024;

    // From _base in the segment on; up to _written the file has them, too.
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Capacity);
    private int _length;
    private uint _base;
    private uint _written;
    private uint _checksum;
    private uint _count;
    private PendingSync? _pending;

    /// <summary>The segment that is written; null before the first.</summary>
    internal Segment? Segment { get; private set; }

    /// <summary>The number of the open batch.</summary>
    internal ulong Batch { get; set; }

    /// <summary>Where the open batch begins: the place of its first record, or of the next one.</summary>
    internal RecordPosition First { get; private set; }

    /// <summary>True when nothing was appended since the last commit.</summary>
    internal bool IsEmpty => _count == 0;

    /// <summary>The place of the next record.</summary>
    internal uint Tail => _base + (uint)_length;

    /// <summary>How many bytes of records the segment still takes; room for a commit record is never given away.</summary>
    internal long Remaining => Segment is null ? 0 : Math.Max(0, Segment.Size - Tail - CommitRecord.Space);

    /// <summary>Goes on in a new segment. What is in memory must have been written.</summary>
    internal void MoveTo(Segment segment, uint start)
    {
        if (_written != Tail) throw new InvalidOperationException("Bytes of the segment before are left.");
        (Segment, _base, _written, _length) = (segment, start, start, 0);
        if (IsEmpty) First = new RecordPosition(segment.Key.Number, start);
    }

    /// <summary>Adds a record that fits <see cref="Remaining"/>.</summary>
    internal FileResult Add(RecordKind kind, ReadOnlySpan<byte> payload, out RecordPosition position)
    {
        position = new RecordPosition(Segment!.Key.Number, Tail);
        if (_length + RecordHeader.SpaceFor(payload.Length) + CommitRecord.Space + SegmentHeader.Page > Capacity)
        {
            var written = WriteOut();
            if (!written.Ok) return written;
            (_base, _length) = (Tail, 0);
        }
        var header = Put(kind, payload);
        _checksum = Checksum.Over(_checksum, header);
        _count++;
        return FileResult.Of(0);
    }

    /// <summary>Hands what is in memory to the system.</summary>
    internal FileResult WriteOut()
    {
        if (_written == Tail) return FileResult.Of(0);
        // Anything of a batch on the disk says that the one before it is durable: docs/adr/0010.
        var result = Settle();
        if (!result.Ok) return result;
        result = Segment!.File!.Write(_written, _bytes.AsSpan((int)(_written - _base), (int)(Tail - _written)));
        if (!result.Ok) return result;
        Segment.End = _written = Tail;
        if (_length > Kept) (_base, _length) = (Tail, 0);
        return result;
    }

    /// <summary>Finds a record that is still in memory.</summary>
    internal bool TryFind(RecordPosition position, out RecordHeader header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        if (position.Segment != Segment?.Key.Number || position.Offset < _base || position.Offset >= Tail) return false;
        var bytes = _bytes.AsSpan((int)(position.Offset - _base), (int)(Tail - position.Offset));
        if (!RecordHeader.TryRead(bytes, Segment.Key, position.Offset, out header)) return false;
        payload = bytes.Slice(RecordHeader.Size, header.Length);
        return true;
    }

    /// <summary>Writes what is left for this segment and makes it durable, before a batch goes on in the next.</summary>
    internal FileResult Finish()
    {
        var result = Settle();
        if (result.Ok) result = WriteOut();
        return result.Ok && !IsEmpty ? Segment!.File!.Sync() : result;
    }

    /// <summary>Closes the batch and writes it; it is durable when the pending sync is over, whose failure says nothing about what is there.</summary>
    internal FileResult Seal(out PendingSync? pending)
    {
        Span<byte> payload = stackalloc byte[CommitRecord.Size];
        new CommitRecord(_count, _checksum, First).Write(payload);
        Put(RecordKind.Commit, payload);
        // The next batch begins in a page of its own: nothing that is committed is ever in the way of a later write.
        int padding = (int)(SegmentHeader.NextPage(Tail) - Tail);
        _bytes.AsSpan(_length, padding).Clear();
        _length += padding;
        var result = WriteOut();
        _pending = pending = result.Ok ? new PendingSync(Segment!.File!) : null;
        (_count, _checksum) = (0, 0);
        Batch++;
        First = new RecordPosition(Segment!.Key.Number, Tail);
        return result;
    }

    /// <summary>Waits until the batch that was closed last is durable.</summary>
    internal FileResult Settle()
    {
        _pending?.Wait();
        var result = _pending?.Result ?? FileResult.Of(0);
        _pending = null;
        return result;
    }

    private ReadOnlySpan<byte> Put(RecordKind kind, ReadOnlySpan<byte> payload)
    {
        var to = _bytes.AsSpan(_length);
        RecordHeader.Write(to, Segment!.Key, Tail, new RecordHeader(kind, Batch, payload.Length, 0), payload);
        _length += RecordHeader.SpaceFor(payload.Length);
        return to[..RecordHeader.Size];
    }
}
