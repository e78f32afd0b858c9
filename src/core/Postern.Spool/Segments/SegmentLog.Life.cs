namespace Postern.Spool;

/// <content>Checkpoints and the freeing of segments.</content>
public sealed partial class SegmentLog
{
    private readonly List<RecordPosition> _pieces = [];
    private readonly List<uint> _freeing = [];
    private CheckpointPair _checkpoints;
    private RecordPosition _checkpointStart;
    private RecordPosition _checkpointEnd;
    private long _sinceCheckpoint;
    private long _checkpointBegan;
    private bool _checkpointing;
    private bool _punctured;
    private bool _renamed;

    /// <inheritdoc/>
    public long BytesSinceCheckpoint => _sinceCheckpoint;

    /// <inheritdoc/>
    public void BeginCheckpoint()
    {
        _pieces.Clear();
        _checkpointing = true;
        _checkpointEnd = default;
        // What the open batch holds may not be in the caller's tables yet.
        _checkpointStart = _writer.First;
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
    public bool CanFree(uint segment) =>
        !_poisoned && _segments.Find(segment) is not null && segment < _writer.First.Segment && !_freeing.Contains(segment)
        && _checkpoints.Allows(segment, OldestKept);

    /// <inheritdoc/>
    public LogResult Free(uint segment)
    {
        if (!CanFree(segment)) throw new InvalidOperationException($"Segment {segment} may not be freed.");
        Span<byte> payload = stackalloc byte[FreedRecord.Size];
        bool punctures = segment != OldestKept;
        new FreedRecord(segment, punctures).Write(payload);
        var result = Place(RecordKind.Freed, payload, 0, out _);
        if (result != LogResult.Success) return result;
        _freeing.Add(segment);
        _punctured |= punctures;
        return result;
    }

    private uint OldestKept
    {
        get
        {
            for (int index = 0; index < _segments.Count; index++)
                if (!_freeing.Contains(_segments[index].Key.Number)) return _segments[index].Key.Number;
            return 0;
        }
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
        foreach (uint number in _freeing) Forget(_segments.Find(number)!);
        _freeing.Clear();
    }
}
