using Postern.Posix;
using Postern.Posix.Files;

namespace Postern.Spool;

/// <content>Recovery, new segments and room.</content>
public sealed partial class SegmentLog
{
    /// <summary>True after a reservation failed: only <see cref="Prepare"/> tries again.</summary>
    private bool _short;

    /// <summary>One is the reserve; the next is made in good time before the current one is full.</summary>
    private int WantedSpares => _writer.Remaining < Capacity / 2 ? 2 : 1;

    /// <inheritdoc/>
    public LogResult Recover(ILogVisitor visitor, out RecoverySummary summary)
    {
        summary = default;
        if (_recovered || _poisoned) throw new InvalidOperationException("Recovery is the first call, and once.");
        var result = _disk.Lock();
        if (!result.Ok) return Poison(result.Fault == FileFault.Busy ? "another program has the folder: lock" : "lock", result);
        var scan = new LogScan(_disk, visitor, _options.TakesUncommitted ? ScanModes.Settle | ScanModes.Salvage : ScanModes.Settle);
        _segments.Dispose();
        _segments = scan.Segments;
        result = scan.Run(out summary);
        if (!result.Ok) return Poison(scan.Files.Unopened is { } name ? $"open {name}" : "recover", result);
        (_checkpoints, _hole) = (scan.Checkpoints, scan.Hole);
        (_writer.Batch, _highest, _sinceCheckpoint) = (scan.NextBatch, scan.Files.Highest, scan.BytesRead);
        foreach (string spare in scan.Files.Spares) _spares.Adopt(spare);
        result = TidyUp(scan);
        if (!result.Ok) return Poison("tidy up", result);
        _recovered = true;
        return Prepare();
    }

    /// <inheritdoc/>
    public LogResult Prepare()
    {
        if (_poisoned) return LogResult.Failed;
        if (!_recovered) throw new InvalidOperationException("Not recovered.");
        if (_writer.Segment is null)
        {
            if (_spares.Count == 0 && !ReserveOne()) return LogResult.Full;
            if (_options.ZeroedPerCall > 0) _ = _spares.Zero(_options.SegmentBytes); // If that fails, what follows will, too.
            var started = StartSegment();
            if (started != LogResult.Success) return started;
        }
        while (_spares.Count < WantedSpares)
            if (!ReserveOne()) return LogResult.Full;
        _short = false;
        var zeroed = _spares.Zero(_options.ZeroedPerCall);
        return zeroed.Ok ? LogResult.Success : LogResult.Full;
    }

    /// <summary>Puts the directory in order. Each step can be cut off by a crash and is then done by the next start.</summary>
    private FileResult TidyUp(LogScan scan)
    {
        foreach (uint number in scan.Freed)
        {
            if (_segments.Find(number) is { } segment) Forget(segment);
            else if (scan.Files.Unlisted.Remove(number)) _ = _disk.Remove(SpoolNames.Of(SpoolNames.Segment, number));
        }
        foreach (uint number in scan.Files.Unlisted.Keys)
        {
            var result = SetAside(number);
            if (!result.Ok) return result;
        }
        // A start that never came to do anything, such as one of a crash loop or on a full disk, must not cost a segment each time.
        while (_segments.Count > 0 && _segments[_segments.Count - 1] is { Damaged: false } last
            && (last.End <= last.Start || last.Key.Number > scan.LastWithMore)) Forget(last);
        return _disk.Sync();
    }

    /// <summary>Takes a segment out of the log and makes room of it; a damaged one is kept aside.</summary>
    private void Forget(Segment segment)
    {
        uint number = segment.Key.Number;
        _segments.Remove(segment);
        var result = segment.Damaged
            ? SetAside(number)
            : _spares.Recycle(number, segment.Size);
        // The record that frees it is durable, so the next start will do it.
        if (!result.Ok) _ = Poison("recycle", result);
        _renamed = true;
    }

    /// <summary>Gives a segment a name under which nobody reads it, with another number where that name is taken: somebody copied it back.</summary>
    private FileResult SetAside(uint number)
    {
        string name = SpoolNames.Of(SpoolNames.Segment, number);
        var result = _disk.Rename(name, SpoolNames.Of(SpoolNames.SetAside, number));
        while (result.Fault == FileFault.Exists && _highest < uint.MaxValue) result = _disk.Rename(name, SpoolNames.Of(SpoolNames.SetAside, ++_highest));
        return result;
    }

    private bool ReserveOne()
    {
        var result = _spares.Create(Math.Max(1, _highest));
        _short = !result.Ok;
        if (_short) LastFailure = $"reserve: {Errno.Describe(result.Error)}";
        return result.Ok;
    }

    /// <summary>
    /// Goes on in a new segment. What stands in the old one is durable before the new one exists, and the new one's own
    /// pages are before it gets its name, so that a segment with a name always has a header and a list.
    /// </summary>
    private LogResult StartSegment()
    {
        if (_highest == uint.MaxValue || _segments.Count >= Math.Min(SegmentTable.MaxEntries, _options.SegmentBytes / 128)) return LogResult.Full;
        var result = _writer.Finish();
        if (!result.Ok) return Poison("sync", result);
        if (_renamed) result = _disk.Sync();
        if (!result.Ok) return Poison("sync", result);
        _renamed = false;
        var (name, file) = _spares.Take();
        var key = new SegmentKey(_highest + 1, _options.DrawEpoch());
        byte[] pages = FirstPages(key);
        result = file.Write(0, pages);
        if (result.Ok)
        {
            result = file.Sync();
            if (!result.Ok) return Poison("sync", result);
            result = _disk.Rename(name, SpoolNames.Of(SpoolNames.Segment, key.Number));
        }
        if (!result.Ok)
        {
            // A file system that copies on writing may be full even here; the old segment is as it was.
            _spares.Return(name, file);
            LastFailure = $"start: {Errno.Describe(result.Error)}";
            return result.Fault == FileFault.NoSpace ? LogResult.Full : Poison("start", result);
        }
        result = _disk.Sync();
        if (!result.Ok) return Poison("sync", result);
        _highest++;
        var segment = new Segment(key, _options.SegmentBytes) { Start = (uint)pages.Length, End = (uint)pages.Length, File = file };
        if (_writer.Segment is { } old) _segments.Retire(old);
        _segments.Add(segment);
        _writer.MoveTo(segment, segment.Start);
        return LogResult.Success;
    }

    private byte[] FirstPages(SegmentKey key)
    {
        var entries = new List<SegmentTable.Entry>(_segments.Count);
        for (int index = 0; index < _segments.Count; index++) entries.Add(_segments[index].ToEntry());
        byte[] table = new SegmentTable(_checkpoints, _hole, entries).Encode();
        byte[] pages = new byte[SegmentHeader.NextPage(SegmentHeader.TableAt + RecordHeader.SpaceFor(table.Length))];
        new SegmentHeader(key, (uint)_options.SegmentBytes).Write(pages);
        var record = new RecordHeader(RecordKind.SectionTable, _writer.Batch, table.Length, 0);
        RecordHeader.Write(pages.AsSpan(SegmentHeader.TableAt), key, SegmentHeader.TableAt, record, table);
        return pages;
    }
}
