namespace Postern.Spool;

/// <summary>A log in memory: the second implementation of <see cref="IRecordLog"/>, for tests and as the model of the first.</summary>
/// <remarks>It keeps what a power cut would leave apart from what it would take, and fails on demand.</remarks>
public sealed class MemoryLog : IRecordLog
{
    private static readonly Comparer<Entry> _byPosition = Comparer<Entry>.Create((left, right) => left.Position.CompareTo(right.Position));

    private readonly List<Entry> _entries = [];
    private readonly List<RecordPosition> _pieces = [];
    private readonly List<uint> _freeing = [];
    private readonly SortedSet<uint> _sections = [1];
    private readonly int _sectionBytes;
    private int _committed;
    private int? _sealed;
    private uint _offset;
    private long _bytes;
    private bool _poisoned;
    private uint _hole;
    private bool _checkpointing;
    private Checkpoints _checkpoints;
    private Checkpoints _openCheckpoints;
    private RecordPosition _checkpointStart;

    /// <summary>Makes an empty log.</summary>
    /// <param name="sectionBytes">How many bytes of payload a section takes.</param>
    public MemoryLog(int sectionBytes = 1 << 20) => _sectionBytes = sectionBytes;

    /// <summary>How many bytes of payload the log may hold, the reserve included.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>How many of these bytes only results may take.</summary>
    public long Reserve { get; set; }

    /// <summary>The next this many commits succeed, the one after fails and poisons the log; negative: never.</summary>
    public int CommitsUntilFailure { get; set; } = -1;

    /// <summary>Storage fails between two calls, as when something of its own goes wrong after a commit.</summary>
    public void Break() => _poisoned = true;

    /// <summary>How often a commit reached storage.</summary>
    public int Commits { get; private set; }

    /// <inheritdoc/>
    public long BytesSinceCheckpoint =>
        _entries.Where(entry => entry.Position >= _checkpoints.NewerStart).Sum(entry => (long)entry.Payload.Length);

    /// <inheritdoc/>
    public uint OldestSection => _sections.Min;

    /// <summary>The bytes written in all sections.</summary>
    public long Bytes => _bytes;

    /// <inheritdoc/>
    public int SectionBytes => _sectionBytes;

    /// <inheritdoc/>
    public string? LastFailure => _poisoned ? "the commit was told to fail" : null;

    /// <inheritdoc/>
    public bool IsFull => Bytes >= Capacity - Reserve;

    /// <inheritdoc/>
    public bool MakesRoom { get; set; }

    /// <inheritdoc/>
    public long RoomForCopies => Capacity - (Reserve / 2) - Bytes;

    /// <summary>The log that a crash now would leave: what is committed.</summary>
    /// <param name="keepOpenBatch">True when the open batch happened to reach storage whole, its commit record included.</param>
    public MemoryLog Crash(bool keepOpenBatch = false)
    {
        var left = new MemoryLog(_sectionBytes) { Capacity = Capacity, Reserve = Reserve };
        left._sections.Clear();
        left._sections.UnionWith(_sections);
        left._entries.AddRange(keepOpenBatch ? _entries.Take(_sealed ?? _entries.Count) : _entries.Take(_committed));
        left._checkpoints = keepOpenBatch ? _openCheckpoints : _checkpoints;
        left._openCheckpoints = left._checkpoints;
        left._hole = _hole;
        if (keepOpenBatch) left.Remove(_freeing);
        left._committed = left._entries.Count;
        left._bytes = left._entries.Sum(entry => (long)entry.Payload.Length);
        left._sections.Add(left._sections.Max + 1);
        return left;
    }

    /// <inheritdoc/>
    public LogResult Recover(ILogVisitor visitor, out RecoverySummary summary)
    {
        bool from = _checkpoints.Newer != default;
        if (from)
        {
            foreach (ulong piece in Pieces(_entries.Single(entry => entry.Position == _checkpoints.Newer).Payload))
                visitor.Checkpoint(_entries.Single(entry => entry.Position.Packed == piece).Payload);
        }
        long shown = 0;
        foreach (var entry in _entries.Where(entry => entry.Position >= _checkpoints.NewerStart && entry.Kind.IsCallers()))
        {
            visitor.Record(entry.Kind, entry.Position, entry.Payload.Length, entry.Kind == RecordKind.Content ? [] : entry.Payload);
            shown++;
        }
        summary = new RecoverySummary(from, shown, 0, _hole > OldestSection && !from);
        return LogResult.Success;
    }

    /// <inheritdoc/>
    public LogResult Append(RecordKind kind, ReadOnlySpan<byte> payload, out RecordPosition position)
    {
        if (!kind.IsCallers()) throw new ArgumentOutOfRangeException(nameof(kind));
        return Add(kind, payload, !kind.Grows() ? 0 : MakesRoom ? Reserve / 2 : Reserve, out position);
    }

    /// <inheritdoc/>
    public LogResult WriteOut() => _poisoned ? LogResult.Failed : LogResult.Success;

    /// <inheritdoc/>
    public LogResult Seal(out IPendingCommit? pending)
    {
        pending = null;
        if (_poisoned) return LogResult.Failed;
        if (_sealed is not null) throw new InvalidOperationException("The batch before was not settled.");
        if (_committed == _entries.Count) return LogResult.Success;
        _sealed = _entries.Count;
        if (_freeing.Count == 0 && _checkpoints == _openCheckpoints)
        {
            pending = new Pending();
            return LogResult.Success;
        }
        var result = Settle();
        if (result != LogResult.Success) return result;
        _checkpoints = _openCheckpoints;
        Remove(_freeing);
        _committed = _entries.Count;
        _freeing.Clear();
        return LogResult.Success;
    }

    /// <inheritdoc/>
    public LogResult Settle()
    {
        if (_poisoned) return LogResult.Failed;
        if (_sealed is not { } end) return LogResult.Success;
        _sealed = null;
        if (CommitsUntilFailure == 0)
        {
            _poisoned = true;
            return LogResult.Failed;
        }
        if (CommitsUntilFailure > 0) CommitsUntilFailure--;
        Commits++;
        _committed = end;
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
        (kind, length) = (RecordKind.None, 0);
        int at = _entries.BinarySearch(new Entry(default, position, []), _byPosition);
        if (at < 0 || !_entries[at].Kind.IsCallers()) return ReadResult.NotThere;
        (kind, length) = (_entries[at].Kind, _entries[at].Payload.Length);
        return _entries[at].Payload.AsSpan().TryCopyTo(destination) ? ReadResult.Success : ReadResult.TooLong;
    }

    /// <inheritdoc/>
    public void BeginCheckpoint()
    {
        _pieces.Clear();
        _checkpointing = true;
        _checkpointStart = _committed < _entries.Count ? _entries[_committed].Position : Next();
    }

    /// <inheritdoc/>
    public LogResult AppendCheckpoint(ReadOnlySpan<byte> piece)
    {
        if (!_checkpointing) throw new InvalidOperationException("No checkpoint has begun.");
        var result = Add(RecordKind.CheckpointPiece, piece, Reserve / 2, out var position);
        if (result == LogResult.Success) _pieces.Add(position);
        return result;
    }

    /// <inheritdoc/>
    public LogResult EndCheckpoint()
    {
        if (!_checkpointing) throw new InvalidOperationException("No checkpoint has begun.");
        byte[] list = [.. _pieces.SelectMany(piece => BitConverter.GetBytes(piece.Packed))];
        var result = Add(RecordKind.CheckpointEnd, list, 0, out var end);
        if (result != LogResult.Success) return result;
        _openCheckpoints = _openCheckpoints.With(end, _checkpointStart);
        _checkpointing = false;
        return result;
    }

    /// <inheritdoc/>
    public void ListSections(List<SectionUse> sections)
    {
        foreach (uint number in _sections)
            sections.Add(new(number, (uint)_entries.Where(entry => entry.Position.Section == number).Sum(entry => entry.Payload.Length), false));
    }

    /// <inheritdoc/>
    public bool CanFree(uint section) =>
        _sections.Contains(section) && section != _sections.Max && !_freeing.Contains(section)
        && (_committed == _entries.Count || section < _entries[_committed].Position.Section)
        && _checkpoints.Allows(section, _sections.First(number => !_freeing.Contains(number)), _hole);

    /// <inheritdoc/>
    public LogResult Free(uint section)
    {
        if (!CanFree(section)) throw new InvalidOperationException($"Section {section} may not be freed.");
        var result = Add(RecordKind.Freed, BitConverter.GetBytes(section), 0, out _);
        if (result == LogResult.Success) _freeing.Add(section);
        return result;
    }

    /// <inheritdoc/>
    public LogResult Prepare() => _poisoned ? LogResult.Failed : IsFull ? LogResult.Full : LogResult.Success;

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static IEnumerable<ulong> Pieces(byte[] list) =>
        Enumerable.Range(0, list.Length / 8).Select(index => BitConverter.ToUInt64(list, 8 * index));

    private void Remove(List<uint> sections)
    {
        foreach (uint section in sections)
        {
            if (section != _sections.Min) _hole = Math.Max(_hole, section);
            _checkpoints = _checkpoints.Without(section);
            _openCheckpoints = _openCheckpoints.Without(section);
            _sections.Remove(section);
            _entries.RemoveAll(entry => entry.Position.Section == section);
        }
        _bytes = _entries.Sum(entry => (long)entry.Payload.Length);
    }

    private RecordPosition Next() => new(_sections.Max, _offset);

    private LogResult Add(RecordKind kind, ReadOnlySpan<byte> payload, long leave, out RecordPosition position)
    {
        position = default;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, IRecordLog.MaxPayload);
        if (_poisoned) return LogResult.Failed;
        if (Bytes + payload.Length > Capacity - leave) return LogResult.Full;
        if (_offset > 0 && _offset + payload.Length > _sectionBytes)
        {
            _sections.Add(_sections.Max + 1);
            _offset = 0;
        }
        position = Next();
        _entries.Add(new Entry(kind, position, payload.ToArray()));
        _bytes += payload.Length;
        _offset += (uint)payload.Length + 1;
        return LogResult.Success;
    }

    /// <summary>The last two complete checkpoints: their ends, and where reading goes on.</summary>
    private readonly record struct Checkpoints(
        RecordPosition Newer, RecordPosition NewerStart, RecordPosition Older, RecordPosition OlderStart)
    {
        internal Checkpoints With(RecordPosition end, RecordPosition start) => new(end, start, Newer, NewerStart);

        internal Checkpoints Without(uint section) =>
            section >= NewerStart.Section ? default : section >= OlderStart.Section ? new(Newer, NewerStart, default, default) : this;

        internal bool Allows(uint section, uint oldest, uint hole) =>
            (Older != default && section < OlderStart.Section) || (section == oldest && hole < oldest);
    }

    /// <summary>Nothing has to be waited for.</summary>
    private sealed class Pending : IPendingCommit
    {
        public void Wait()
        {
        }
    }

    /// <summary>One record.</summary>
    private readonly record struct Entry(RecordKind Kind, RecordPosition Position, byte[] Payload);
}
