using Postern.Posix.Files;

namespace Postern.Spool;

/// <content>Checkpoints and the freeing of segments.</content>
public sealed partial class SegmentLog
{
    private readonly List<RecordPosition> _pieces = [];
    private readonly List<FreedRecord> _freeing = [];
    private CheckpointPair _checkpoints;
    private RecordPosition _checkpointStart;
    private RecordPosition _checkpointEnd;
    private long _sinceCheckpoint;
    private long _checkpointBegan;
    private bool _checkpointing;
    private uint _hole;
    private bool _renamed;

    /// <inheritdoc/>
    public long BytesSinceCheckpoint => _sinceCheckpoint;

    /// <summary>Where the pieces of the checkpoint stand that was begun last.</summary>
    internal List<RecordPosition> LastPieces => _pieces;

    /// <inheritdoc/>
    public void BeginCheckpoint()
    {
        _pieces.Clear();
        _checkpointing = true;
        _checkpointEnd = default;
        // What is open or not settled may not be in the caller's tables yet.
        _checkpointStart = FirstOpen;
        _checkpointBegan = _sinceCheckpoint;
    }

    /// <inheritdoc/>
    public LogResult AppendCheckpoint(ReadOnlySpan<byte> piece)
    {
        if (!_checkpointing || _pieces.Count >= CheckpointEnd.MaxPieces) throw new InvalidOperationException("No checkpoint is open.");
        var result = Place(RecordKind.CheckpointPiece, piece, Capacity / 2, out var position);
        if (result == LogResult.Success) _pieces.Add(position);
        return result;
    }

    /// <inheritdoc/>
    public LogResult EndCheckpoint()
    {
        if (!_checkpointing) throw new InvalidOperationException("No checkpoint is open.");
        var result = Place(RecordKind.CheckpointEnd, CheckpointEnd.Write(_checkpointStart, _pieces), 0, out var position);
        if (result != LogResult.Success) return result;
        (_checkpointing, _checkpointEnd) = (false, position);
        return result;
    }

    /// <inheritdoc/>
    public bool CanFree(uint section) =>
        !_poisoned && _segments.Find(section) is not null && section < FirstOpen.Segment && !IsFreeing(section)
        && !IsNeededByOpenCheckpoint(section)
        && (_options.FreesWithoutCheckpoint || _checkpoints.Allows(section, OldestKept, _hole));

    /// <inheritdoc/>
    public LogResult Free(uint section)
    {
        if (!CanFree(section)) throw new InvalidOperationException($"Section {section} may not be freed.");
        var freed = new FreedRecord(section, section != OldestKept);
        Span<byte> payload = stackalloc byte[FreedRecord.Size];
        freed.Write(payload);
        var result = Place(RecordKind.Freed, payload, 0, out _);
        if (result != LogResult.Success) return result;
        _freeing.Add(freed);
        if (freed.Punctures) _hole = Math.Max(_hole, section);
        return result;
    }

    /// <summary>
    /// What is written of it may tell of messages whose ends stand in that section. One that was given up needs nothing any
    /// more once the next is begun.
    /// </summary>
    private bool IsNeededByOpenCheckpoint(uint section) =>
        (_checkpointing || _checkpointEnd != default) && section >= _checkpointStart.Segment;

    private uint OldestKept
    {
        get
        {
            for (int index = 0; index < _segments.Count; index++)
                if (!IsFreeing(_segments[index].Key.Number)) return _segments[index].Key.Number;
            return 0;
        }
    }

    /// <summary>True when the open batch does more than to hold records.</summary>
    private bool HasEffects => _freeing.Count > 0 || _checkpointEnd != default;

    private bool IsFreeing(uint segment) => _freeing.Exists(freed => freed.Segment == segment);

    /// <summary>
    /// Says again, in a new segment, what the open batch said about segments and checkpoints in the old one: recovery looks
    /// for it from the newest list of segments on, and that was made before the commit.
    /// </summary>
    private LogResult Repeat()
    {
        var result = FileResult.Of(0);
        Span<byte> payload = stackalloc byte[FreedRecord.Size];
        foreach (var freed in _freeing)
        {
            freed.Write(payload);
            if (result.Ok && RecordHeader.SpaceFor(payload.Length) <= _writer.Remaining) result = _writer.Add(RecordKind.Freed, payload, out _);
        }
        if (_checkpointEnd != default && result.Ok)
        {
            byte[] end = CheckpointEnd.Write(_checkpointStart, _pieces);
            if (RecordHeader.SpaceFor(end.Length) <= _writer.Remaining) result = _writer.Add(RecordKind.CheckpointEnd, end, out _checkpointEnd);
        }
        return result.Ok ? LogResult.Success : Poison("write", result);
    }

    /// <summary>Does what waited for the commit.</summary>
    private void TakeEffect()
    {
        if (_checkpointEnd != default)
        {
            _checkpoints = _checkpoints.With(_checkpointEnd, _checkpointStart);
            _sinceCheckpoint -= _checkpointBegan;
            _checkpointEnd = default;
        }
        foreach (var freed in _freeing)
        {
            _checkpoints = _checkpoints.Without(freed.Segment);
            Forget(_segments.Find(freed.Segment)!);
        }
        _freeing.Clear();
    }
}
