using Postern.Posix.Files;

namespace Postern.Spool;

/// <summary>How a log is read through.</summary>
[Flags]
internal enum ScanModes
{
    /// <summary>Looking only, from the last checkpoint on.</summary>
    None = 0,

    /// <summary>What is read is first made durable and then read from the device: what counts now must count for ever.</summary>
    Settle = 1,

    /// <summary>From the oldest segment on, whatever the checkpoints say.</summary>
    Everything = 2,

    /// <summary>What is whole counts, committed or not.</summary>
    Salvage = 4,
}

/// <summary>Reads a log through and shows it to a visitor; changes nothing.</summary>
internal sealed class LogScan
{
    private readonly ILogVisitor _visitor;
    private readonly ScanModes _modes;
    private readonly ScanWindow _window;
    private readonly Inventory _inventory;
    private readonly HashSet<uint> _settled = [];
    private readonly byte[] _record = GC.AllocateUninitializedArray<byte>(IRecordLog.MaxPayload + RecordHeader.Size);
    private bool _quiet;
    private long _records;
    private int _damages;

    internal LogScan(ISpoolDisk disk, ILogVisitor visitor, ScanModes modes)
    {
        (_visitor, _modes) = (visitor, modes);
        Segments = new SegmentList(disk);
        _window = new ScanWindow(Segments, Report);
        _inventory = new Inventory(disk, Segments, Report);
    }

    /// <summary>The segments that are parts of the log, with their ends.</summary>
    internal SegmentList Segments { get; }

    /// <summary>What else lies in the directory.</summary>
    internal Inventory Files => _inventory;

    /// <summary>Segments that were freed and whose files are still there.</summary>
    internal SortedSet<uint> Freed { get; } = [];

    /// <summary>The last two checkpoints that are readable.</summary>
    internal CheckpointPair Checkpoints { get; private set; }

    /// <summary>The highest number of a segment that was freed although there were older ones; 0 for none.</summary>
    internal uint Hole { get; private set; }

    /// <summary>The newest segment in which anything but the start of a run stands.</summary>
    internal uint LastWithMore { get; private set; }

    /// <summary>The number that the next batch gets: higher than all that were ever seen.</summary>
    internal ulong NextBatch { get; private set; } = 1;

    /// <summary>How many bytes lie behind the checkpoint.</summary>
    internal long BytesRead { get; private set; }

    internal FileResult Run(out RecoverySummary summary)
    {
        summary = default;
        var result = _inventory.Read();
        if (!result.Ok) return result;
        // Who only looks takes what there is; whoever goes on in the log would give up what it can't see.
        if (_inventory.Unopened is not null && (_modes & ScanModes.Settle) != 0) return _inventory.WhyUnopened;
        // Without any list nobody knows what was freed.
        Hole = _inventory.Table?.Hole ?? (Segments.Count > 0 ? _inventory.Highest : 0);
        var pair = _inventory.Table?.Checkpoints ?? default;
        result = ReadNewest(ref pair);
        if (!result.Ok) return result;
        var start = ShowCheckpoint(pair);
        result = WalkFrom(start);
        if (!result.Ok) return result;
        foreach (uint number in _inventory.Missing)
            if (!Freed.Contains(number)) Report(new Damage(number, 0, 0, DamageReason.MissingSegment));
        foreach (var (number, reason) in _inventory.Unlisted)
            if (!Freed.Contains(number)) Report(new Damage(number, 0, 0, reason));
        bool missing = start == default && Hole > OldestKept && OldestKept > 0;
        summary = new RecoverySummary(start != default, _records, _damages, missing);
        return result;
    }

    /// <summary>The newest segments may hold checkpoints, and may have freed segments, that are newer than their list says.</summary>
    private FileResult ReadNewest(ref CheckpointPair pair)
    {
        var found = pair;
        _quiet = true;
        var sorter = new BatchSorter(
            (position, header) =>
            {
                if (header.Kind == RecordKind.CheckpointEnd && ReadEnd(position) is { } pieces) found = found.With(position, pieces[0]);
                if (header.Kind == RecordKind.Freed) found = found.Without(TakeFreed(FreedRecord.Read(Payload(position, header))));
            },
            Report,
            salvage: false)
        { BeganWithin = _inventory.TableHolder };
        for (int index = 0; index < Segments.Count; index++)
        {
            if (Segments[index].Key.Number < _inventory.TableHolder) continue;
            var result = Settle(Segments[index]);
            if (!result.Ok) return result;
            SegmentWalk.Walk(_window, Segments[index], SegmentHeader.TableAt, sorter);
        }
        _quiet = false;
        pair = found;
        return FileResult.Of(0);
    }

    /// <summary>Shows the newest readable checkpoint and tells where reading goes on; the default without one.</summary>
    private RecordPosition ShowCheckpoint(CheckpointPair pair)
    {
        Checkpoints = pair;
        if ((_modes & ScanModes.Everything) != 0) return default;
        while (Checkpoints.Newer != default)
        {
            if (ReadEnd(Checkpoints.Newer) is { } pieces && Pieces(pieces, show: false))
            {
                _ = Pieces(pieces, show: true);
                return Checkpoints.NewerStart;
            }
            Report(new Damage(Checkpoints.Newer.Segment, Checkpoints.Newer.Offset, 0, DamageReason.Checkpoint));
            Checkpoints = new CheckpointPair(Checkpoints.Older, Checkpoints.OlderStart, default, default);
        }
        return default;
    }

    private FileResult WalkFrom(RecordPosition start)
    {
        var sorter = new BatchSorter(Show, Report, (_modes & ScanModes.Salvage) != 0)
        {
            End = start,
            // The oldest segment may begin with the rest of a batch whose beginning was freed.
            BeganWithin = start == default ? OldestKept : 0,
        };
        for (int index = 0; index < Segments.Count; index++)
        {
            var segment = Segments[index];
            // A freed one may still have its name, and the results of its messages may have gone with the next one's.
            if (segment.Key.Number < start.Segment || Freed.Contains(segment.Key.Number)) continue;
            var result = Settle(segment);
            if (!result.Ok) return result;
            uint from = segment.Key.Number == start.Segment ? start.Offset : SegmentHeader.TableAt;
            SegmentWalk.Walk(_window, segment, from, sorter);
            BytesRead += segment.End - Math.Min(from, segment.End);
        }
        NextBatch = sorter.Next;
        sorter.Finish();
        // What was dropped must not come back: the next list of segments will name these ends.
        for (int index = 0; index < Segments.Count; index++)
        {
            var segment = Segments[index];
            if (segment.Key.Number == sorter.End.Segment) segment.End = sorter.End.Offset;
            else if (segment.Key.Number > sorter.End.Segment) segment.End = Math.Min(segment.End, Math.Max(segment.Start, SegmentHeader.TableAt));
        }
        return FileResult.Of(0);
    }

    /// <summary>The oldest segment that is still part of the log; 0 without any.</summary>
    private uint OldestKept
    {
        get
        {
            for (int index = 0; index < Segments.Count; index++)
                if (!Freed.Contains(Segments[index].Key.Number)) return Segments[index].Key.Number;
            return 0;
        }
    }

    private FileResult Settle(Segment segment)
    {
        if ((_modes & ScanModes.Settle) == 0 || !_settled.Add(segment.Key.Number)) return FileResult.Of(0);
        var result = Segments.Open(segment);
        // An unreadable file is damage that the walk reports; a failed sync means that nothing can be promised.
        if (!result.Ok) return Inventory.IsTheFiles(result) ? FileResult.Of(0) : result;
        result = segment.File!.Sync();
        if (result.Ok) segment.File.DropCache();
        return result;
    }

    private void Show(RecordPosition position, RecordHeader header)
    {
        if (header.Kind != RecordKind.Start) LastWithMore = position.Segment;
        if (!header.Kind.IsCallers()) return;
        _visitor.Record(header.Kind, position, header.Length, header.Kind == RecordKind.Content ? [] : Payload(position, header));
        _records++;
    }

    private uint TakeFreed(FreedRecord freed)
    {
        if (freed.Punctures) Hole = Math.Max(Hole, freed.Segment);
        Freed.Add(freed.Segment);
        return freed.Segment;
    }

    private ReadOnlySpan<byte> Payload(RecordPosition position, RecordHeader header) =>
        _window.Get(Segments.Find(position.Segment)!, position.Offset, RecordHeader.Size + header.Length)[RecordHeader.Size..];

    /// <summary>The start and the pieces that the end of a checkpoint lists.</summary>
    private RecordPosition[]? ReadEnd(RecordPosition end)
    {
        if (Segments.ReadRecord(end, _record, out var header) != ReadResult.Success || header.Kind != RecordKind.CheckpointEnd) return null;
        return CheckpointEnd.Read(_record.AsSpan(RecordHeader.Size, header.Length));
    }

    private bool Pieces(RecordPosition[] pieces, bool show)
    {
        foreach (var piece in pieces.AsSpan(1))
        {
            if (Segments.ReadRecord(piece, _record, out var header) != ReadResult.Success || header.Kind != RecordKind.CheckpointPiece)
                return false;
            if (show) _visitor.Checkpoint(_record.AsSpan(RecordHeader.Size, header.Length));
        }
        return true;
    }

    private void Report(Damage damage)
    {
        if (_quiet) return;
        if (damage.Reason != DamageReason.TornTail)
        {
            _damages++;
            if (damage.Reason != DamageReason.Checkpoint && Segments.Find(damage.Segment) is { } segment) segment.Damaged = true;
        }
        _visitor.Damaged(damage);
    }
}
