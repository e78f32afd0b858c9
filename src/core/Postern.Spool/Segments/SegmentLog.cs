using Postern.Posix;
using Postern.Posix.Files;

namespace Postern.Spool;

/// <summary>The log in segment files; docs/queue-format.md describes them byte by byte.</summary>
public sealed partial class SegmentLog : IRecordLog
{
    /// <summary>A full frame of content: whoever asks whether there is room wants to write about that much.</summary>
    private const int UsualRecord = 64 * 1024;

    private readonly ISpoolDisk _disk;
    private readonly LogOptions _options;
    private readonly BatchWriter _writer = new();
    private readonly SpareFiles _spares;
    private readonly byte[] _reading = GC.AllocateUninitializedArray<byte>(IRecordLog.MaxPayload + RecordHeader.Size);
    private SegmentList _segments;
    private uint _highest;
    private RecordPosition? _unsettled;
    private bool _poisoned;
    private bool _recovered;

    /// <summary>Makes the log of a directory; nothing is touched before <see cref="Recover"/>.</summary>
    /// <param name="disk">The directory; the log disposes of it.</param>
    /// <param name="options">The measures.</param>
    public SegmentLog(ISpoolDisk disk, LogOptions options)
    {
        options.Check();
        (_disk, _options) = (disk, options);
        _spares = new SpareFiles(disk, options);
        _segments = new SegmentList(disk);
    }

    /// <inheritdoc/>
    public string? LastFailure { get; private set; }

    /// <inheritdoc/>
    public uint OldestSection => _segments.Count > 0 ? _segments[0].Key.Number : 0;

    /// <inheritdoc/>
    public int SectionBytes => _options.SegmentBytes;

    /// <inheritdoc/>
    public bool IsFull => _poisoned || (_short && LeftAfter((int)Math.Min(UsualRecord, Capacity / 8)) < Capacity);

    /// <inheritdoc/>
    public bool MakesRoom { get; set; }

    /// <summary>What an empty segment takes, and the reserve: as much as results may still fill when the disk is full.</summary>
    private long Capacity => _options.SegmentBytes - SegmentHeader.TableAt - SegmentHeader.Page - CommitRecord.Space;

    /// <summary>Where what may still be lost begins.</summary>
    private RecordPosition FirstOpen => _unsettled ?? _writer.First;

    /// <summary>How many bytes can be written without asking the file system for space.</summary>
    private long Room => _writer.Segment is null ? 0 : _writer.Remaining + (_spares.Count * Capacity);

    /// <inheritdoc/>
    public long RoomForCopies => Room + (_short ? 0 : _spares.Possible * Capacity) - (Capacity / 2);

    /// <inheritdoc/>
    public LogResult Append(RecordKind kind, ReadOnlySpan<byte> payload, out RecordPosition position)
    {
        if (!kind.IsCallers()) throw new ArgumentOutOfRangeException(nameof(kind));
        return Place(kind, payload, !kind.Grows() ? 0 : MakesRoom ? Capacity / 2 : Capacity, out position);
    }

    /// <inheritdoc/>
    public LogResult WriteOut()
    {
        if (_poisoned) return LogResult.Failed;
        if (_unsettled is not null) return LogResult.Success;
        var result = _writer.WriteOut();
        return result.Ok ? LogResult.Success : Poison("write", result);
    }

    /// <inheritdoc/>
    public LogResult Seal(out IPendingCommit? pending)
    {
        pending = null;
        if (_poisoned) return LogResult.Failed;
        if (_unsettled is not null) throw new InvalidOperationException("The batch before was not settled.");
        if (_writer.IsEmpty) return LogResult.Success;
        _unsettled = _writer.First;
        var result = _writer.Seal(out var sync);
        if (!result.Ok) return Poison("commit", result);
        if (!HasEffects)
        {
            pending = sync;
            return LogResult.Success;
        }
        // What frees segments is seldom, and would be taken together with what is appended meanwhile.
        var settled = Settle();
        if (settled == LogResult.Success) TakeEffect();
        return settled;
    }

    /// <inheritdoc/>
    public LogResult Settle()
    {
        if (_poisoned) return LogResult.Failed;
        if (_unsettled is null) return LogResult.Success;
        var result = _writer.Settle();
        if (!result.Ok) return Poison("commit", result);
        _unsettled = null;
        if (_spares.Count < WantedSpares && !_short) _ = ReserveOne();
        return LogResult.Success;
    }

    /// <inheritdoc/>
    public LogResult Commit()
    {
        var result = Settle();
        if (result == LogResult.Success) result = Seal(out _);
        return result == LogResult.Success ? Settle() : result;
    }

    /// <inheritdoc/>
    public ReadResult Read(RecordPosition position, Span<byte> destination, out RecordKind kind, out int length)
    {
        if (!_writer.TryFind(position, out var header, out var payload))
        {
            var result = _segments.ReadPayload(position, destination, _reading, out kind, out length);
            if (result == ReadResult.Failed) LastFailure = $"read {SpoolNames.Of(SpoolNames.Segment, position.Segment)}: {Errno.Describe(_segments.WhyFailed)}";
            return result;
        }
        (kind, length) = (header.Kind, header.Length);
        return !kind.IsCallers() ? ReadResult.NotThere : payload.TryCopyTo(destination) ? ReadResult.Success : ReadResult.TooLong;
    }

    /// <inheritdoc/>
    public void ListSections(List<SectionUse> sections)
    {
        for (int index = 0; index < _segments.Count; index++)
            sections.Add(new SectionUse(_segments[index].Key.Number, UsedOf(_segments[index]), _segments[index].Damaged));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _segments.Dispose();
        _spares.Dispose();
        _disk.Dispose();
    }

    private uint UsedOf(Segment segment) => segment == _writer.Segment ? _writer.Tail : segment.End;

    private LogResult Place(RecordKind kind, ReadOnlySpan<byte> payload, long leave, out RecordPosition position)
    {
        position = default;
        int space = RecordHeader.SpaceFor(payload.Length);
        if (payload.Length > IRecordLog.MaxPayload || space > Capacity) throw new ArgumentOutOfRangeException(nameof(payload));
        if (_poisoned) return LogResult.Failed;
        if (!_recovered) throw new InvalidOperationException("Not recovered.");
        if (_writer.Segment is null) return LogResult.Full;
        bool roll = space > _writer.Remaining;
        if (LeftAfter(space) < leave && !_short) _ = ReserveOne();
        if (LeftAfter(space) < leave) return LogResult.Full;
        if (roll)
        {
            var rolled = StartSegment();
            if (rolled == LogResult.Success) rolled = Repeat();
            if (rolled != LogResult.Success) return rolled;
            if (space > _writer.Remaining) return LogResult.Full; // Its list of segments is that long.
        }
        var result = _writer.Add(kind, payload, out position);
        _sinceCheckpoint += space;
        return result.Ok ? LogResult.Success : Poison("write", result);
    }

    /// <summary>How much room a record leaves; the rest of the old segment is lost when it begins the next.</summary>
    private long LeftAfter(int space) => (space > _writer.Remaining ? _spares.Count * Capacity : Room) - space;

    private LogResult Poison(string call, FileResult result)
    {
        _poisoned = true;
        LastFailure = $"{call}: {Errno.Describe(result.Error)}";
        return LogResult.Failed;
    }
}
