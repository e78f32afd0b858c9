namespace Postern.Spool.Tests.SecondReader;

/// <summary>Reads a queue's directory as docs/queue-format.md says, sharing no code with the product.</summary>
/// <remarks>It is written from that page alone, so that the page is found wrong, or the product, where the two differ.</remarks>
internal sealed class QueueFormatReader
{
    private readonly SortedDictionary<uint, FoundSegment> _segments = [];
    private readonly List<FoundRecord> _records = [];
    private readonly List<FoundDamage> _inside = [];
    private readonly HashSet<uint> _absent = [];
    private readonly HashSet<uint> _freed = [];
    private readonly SegmentList _list;
    private readonly uint _owner;
    private readonly Batches _batches;
    private uint _hole;

    internal QueueFormatReader(IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        foreach (var (name, bytes) in files)
            if (FoundSegment.Of(name, bytes) is { } segment) _segments.Add(segment.Number, segment);
        var owner = _segments.Values.LastOrDefault(segment => segment.List() is not null);
        _owner = owner?.Number ?? 0;
        _list = owner?.List() ?? new(0, new Place[4], []);
        _hole = _list.Hole;
        ApplyList();
        ulong batch = 0;
        foreach (var segment in _segments.Values) segment.Walk(_records, _inside, ref batch);
        _batches = new(_records);
        FindFreed();
        FindCheckpoint();
    }

    /// <summary>Damages of files: a missing, foreign or headless segment; a checkpoint that can't be read.</summary>
    internal List<FoundDamage> Outside { get; } = [];

    internal SortedSet<uint> SetAside { get; } = [];

    internal bool FromCheckpoint { get; private set; }

    /// <summary>Where reading goes on after the checkpoint.</summary>
    internal Place Begin { get; private set; }

    internal List<byte[]> Pieces { get; } = [];

    /// <summary>Segments that a record that counts says are free, whether or not they still have their names.</summary>
    internal IReadOnlySet<uint> Freed => _freed;

    internal IEnumerable<FoundSegment> Kept => _segments.Values.Where(segment => !_freed.Contains(segment.Number));

    internal bool ResultsMayBeMissing => !FromCheckpoint && Kept.Any() && _hole > Kept.First().Number;

    /// <summary>Every record that counts in a segment that was not freed, in order.</summary>
    internal IEnumerable<FoundRecord> All =>
        _batches.Counting.Where(record => record.IsShown && !_freed.Contains(record.Place.Segment));

    /// <summary>What is wrong between records from a place on, and the batch that was dropped.</summary>
    internal IEnumerable<FoundDamage> Inside(Place begin)
    {
        var kept = _inside.Where(damage => !_freed.Contains(damage.Place.Segment)).ToList();
        // A file's length is known without reading it.
        var lengths = kept.Where(damage => damage.Reason == DamageReason.Truncated);
        var between = kept.Where(damage => damage.Reason != DamageReason.Truncated).Select(damage => damage.From(begin)).OfType<FoundDamage>().ToList();
        var found = _records.Where(record => !_freed.Contains(record.Place.Segment) && record.Place >= begin)
            .Select(record => (record.Place, (FoundRecord?)record))
            .Concat(between.Where(damage => damage.Reason == DamageReason.Header).Select(damage => (damage.Place, (FoundRecord?)null)))
            .OrderBy(one => one.Place);
        var losses = new BatchLosses(found, begin == default && Kept.Any() ? Kept.First().Number : 0);
        // Of a batch that does not count there may be nothing left but what is wrong.
        var dropped = _batches.Dropped != 0 ? _batches.DroppedFrom : losses.Tail?.Place;
        var damages = between.Concat(losses.Found).Where(damage => dropped is not { } from || damage.Place < from || damage.Reason == DamageReason.Gap);
        return lengths.Concat(losses.Tail is { } tail ? damages.Append(tail) : damages);
    }

    /// <summary>Section 6, step 2.</summary>
    private void ApplyList()
    {
        var listed = _list.Segments.ToDictionary(entry => entry.Number);
        foreach (var entry in _list.Segments) if (!_segments.ContainsKey(entry.Number)) _absent.Add(entry.Number);
        foreach (var segment in _segments.Values.ToArray())
        {
            bool isOlder = segment.Number < _owner;
            if (isOlder && (!listed.TryGetValue(segment.Number, out var entry) || (segment.HasHeader && segment.Epoch != entry.Epoch)))
                PutAside(segment, DamageReason.ForeignSegment);
            else if (isOlder) BelieveList(segment, listed[segment.Number]);
            else if (!segment.HasHeader) PutAside(segment, DamageReason.SegmentHeader);
        }
    }

    private void BelieveList(FoundSegment segment, ListedSegment entry)
    {
        if (!segment.HasHeader) Outside.Add(new(new(segment.Number, 0), DamageReason.SegmentHeader, 8192));
        segment.Believe(entry);
    }

    private void PutAside(FoundSegment segment, DamageReason reason)
    {
        SetAside.Add(segment.Number);
        Outside.Add(new(new(segment.Number, 0), reason));
        _segments.Remove(segment.Number);
    }

    /// <summary>Section 7: what newer segments say was freed since the list was written.</summary>
    private void FindFreed()
    {
        foreach (var record in _batches.Counting)
        {
            if (record.Kind != FoundRecord.Freed || record.Payload.Length != 8 || record.Place.Segment < _owner) continue;
            uint number = BitConverter.ToUInt32(record.Payload);
            _freed.Add(number);
            if (BitConverter.ToUInt32(record.Payload, 4) == 1) _hole = Math.Max(_hole, number);
        }
        foreach (uint number in _absent.Except(_freed)) Outside.Add(new(new(number, 0), DamageReason.MissingSegment));
    }

    /// <summary>Section 6, step 4: the last of two whose every piece is readable.</summary>
    private void FindCheckpoint()
    {
        var ends = new List<Place> { _list.Checkpoints[2], _list.Checkpoints[0] };
        ends.AddRange(_batches.Counting
            .Where(record => record.Kind == FoundRecord.CheckpointEnd && record.Place.Segment >= _owner).Select(record => record.Place));
        foreach (var end in Enumerable.Reverse(ends).Take(2))
        {
            if (end == default || !TryCheckpoint(end)) continue;
            FromCheckpoint = true;
            return;
        }
        Pieces.Clear();
    }

    private bool TryCheckpoint(Place end)
    {
        Pieces.Clear();
        byte[]? positions = Readable(end, FoundRecord.CheckpointEnd);
        if (positions is null || positions.Length < 8 || positions.Length % 8 != 0) return Unreadable(end);
        Begin = Place.Read(positions);
        // Section 7: what reaches back into a segment that is no more counts no more.
        if (!Reaches(Begin.Segment)) return Void();
        for (int at = 8; at < positions.Length; at += 8)
        {
            var place = Place.Read(positions.AsSpan(at));
            if (!Reaches(place.Segment)) return Void();
            if (Readable(place, FoundRecord.Piece) is not { } piece) return Unreadable(end);
            Pieces.Add(piece);
        }
        return true;
    }

    private bool Unreadable(Place end)
    {
        Outside.Add(new(end, DamageReason.Checkpoint));
        return Void();
    }

    private bool Void()
    {
        Begin = default;
        return false;
    }

    private bool Reaches(uint segment) =>
        !_freed.Contains(segment) && (_segments.ContainsKey(segment) || _absent.Contains(segment));

    private byte[]? Readable(Place place, byte kind) =>
        !_freed.Contains(place.Segment) && _segments.TryGetValue(place.Segment, out var segment)
        && segment.RecordAt(place.Offset) is { IsWhole: true } record && record.Kind == kind ? record.Payload : null;
}
