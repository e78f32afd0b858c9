using Postern.Posix.Files;

namespace Postern.Spool;

/// <summary>The segments of a log, oldest first, and reading from them.</summary>
internal sealed class SegmentList(ISpoolDisk disk) : IDisposable
{
    /// <summary>Files kept open for reading: far below every usual limit of descriptors, enough for a busy queue.</summary>
    private const int MaxOpen = 64;

    private const int FirstRead = 16 * 1024, ShortRead = 1024;

    private readonly List<Segment> _segments = [];
    private readonly Queue<Segment> _open = [];

    /// <summary>The error with which the last read failed.</summary>
    internal int WhyFailed { get; private set; }

    internal int Count => _segments.Count;

    internal Segment this[int index] => _segments[index];

    internal Segment? Find(uint number)
    {
        int low = 0, high = _segments.Count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (_segments[middle].Key.Number < number) low = middle + 1;
            else high = middle;
        }
        return low < _segments.Count && _segments[low].Key.Number == number ? _segments[low] : null;
    }

    internal void Add(Segment segment)
    {
        int index = _segments.Count;
        while (index > 0 && _segments[index - 1].Key.Number > segment.Key.Number) index--;
        _segments.Insert(index, segment);
    }

    internal void Remove(Segment segment)
    {
        segment.File?.Dispose();
        segment.File = null;
        _segments.Remove(segment);
    }

    /// <summary>Reads from a segment, opening its file when needed.</summary>
    internal FileResult Read(Segment segment, long offset, Span<byte> destination)
    {
        var result = Open(segment);
        return result.Ok ? segment.File!.Read(offset, destination) : result;
    }

    internal FileResult Open(Segment segment)
    {
        if (segment.File is not null) return FileResult.Of(0);
        var result = disk.Open(SpoolNames.Of(SpoolNames.Segment, segment.Key.Number), out var file);
        if (file is null) return result;
        segment.File = file;
        Retire(segment);
        return result;
    }

    /// <summary>Counts a segment's file among those that may be closed when others are needed: it is not written any more.</summary>
    internal void Retire(Segment segment)
    {
        _open.Enqueue(segment);
        if (_open.Count <= MaxOpen) return;
        var longest = _open.Dequeue();
        longest.File?.Dispose();
        longest.File = null;
    }

    /// <summary>Reads one record into a buffer and checks it.</summary>
    /// <param name="position">Where it stands.</param>
    /// <param name="buffer">Room for the header and for as much payload as the caller takes.</param>
    /// <param name="header">Its header, with Success and TooLong.</param>
    internal ReadResult ReadRecord(RecordPosition position, Span<byte> buffer, out RecordHeader header)
    {
        header = default;
        var segment = Find(position.Segment);
        if (segment is null || (long)position.Offset + RecordHeader.Size > segment.End) return ReadResult.NotThere;
        int reach = (int)Math.Min(buffer.Length, segment.End - position.Offset);
        // Most records are short, and of those read by the million, which are no content, nearly all; the others take a second read.
        var result = Read(segment, position.Offset, buffer[..Math.Min(reach, buffer.Length > 2 * FirstRead ? FirstRead : ShortRead)]);
        if (!result.Ok) return Fail(result);
        int length = (int)result.Value;
        if (!RecordHeader.TryRead(buffer[..length], segment.Key, position.Offset, out header)) return ReadResult.NotThere;
        int whole = RecordHeader.Size + header.Length;
        if (whole > reach) return reach == buffer.Length ? ReadResult.TooLong : ReadResult.NotThere;
        if (whole > length)
        {
            result = Read(segment, position.Offset + length, buffer[length..whole]);
            if (!result.Ok) return Fail(result);
            if (result.Value < whole - length) return ReadResult.NotThere;
        }
        var bytes = buffer[..whole];
        return header.Covers(bytes.Slice(RecordHeader.Size, header.Length), segment.Key, position.Offset)
            ? ReadResult.Success
            : ReadResult.NotThere;
    }

    private ReadResult Fail(FileResult result)
    {
        WhyFailed = result.Error;
        return Inventory.IsTheFiles(result) ? ReadResult.NotThere : ReadResult.Failed;
    }

    /// <summary>Reads the payload of one of the caller's records.</summary>
    internal ReadResult ReadPayload(
        RecordPosition position, Span<byte> destination, byte[] buffer, out RecordKind kind, out int length)
    {
        var room = buffer.AsSpan(0, Math.Min(buffer.Length, RecordHeader.Size + destination.Length));
        var result = ReadRecord(position, room, out var header);
        (kind, length) = (header.Kind, header.Length);
        // Kept aside when it is freed, instead of being written over.
        if (result == ReadResult.NotThere && Find(position.Segment) is { } segment && position.Offset < segment.End) segment.Damaged = true;
        if (result is ReadResult.Success or ReadResult.TooLong && !kind.IsCallers()) return ReadResult.NotThere;
        if (result == ReadResult.Success) room.Slice(RecordHeader.Size, length).CopyTo(destination);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_segments.Count > 0) Remove(_segments[^1]);
    }
}
