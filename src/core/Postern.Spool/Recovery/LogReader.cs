using Postern.Posix.Files;

namespace Postern.Spool;

/// <summary>Reads a log that is not running, or a copy of one: for verifying and for rescuing. Changes nothing.</summary>
public sealed class LogReader : IDisposable
{
    private readonly ISpoolDisk _disk;
    private readonly byte[] _record = new byte[IRecordLog.MaxPayload + RecordHeader.Size];
    private SegmentList? _segments;

    /// <summary>Makes the reader of a directory.</summary>
    /// <param name="disk">The directory; the reader disposes of it.</param>
    public LogReader(ISpoolDisk disk) => _disk = disk;

    /// <summary>Reads everything through and checks it, content included.</summary>
    /// <param name="visitor">Is shown the records, from the oldest segment on, without checkpoints.</param>
    /// <param name="salvage">True to show what is whole in a last batch, too, that does not count.</param>
    /// <param name="report">What there is, with success.</param>
    /// <returns>A failure when the directory can't be listed.</returns>
    public FileResult Scan(ILogVisitor visitor, bool salvage, out LogReport? report)
    {
        report = null;
        var scan = new LogScan(_disk, visitor, ScanModes.Everything | (salvage ? ScanModes.Salvage : ScanModes.None));
        var result = scan.Run(out var summary);
        _segments?.Dispose();
        _segments = scan.Segments;
        if (!result.Ok) return result;
        var segments = new List<SectionUse>();
        // One that was freed is room, as the next start will make it, even where a crash has left it its name.
        for (int index = 0; index < _segments.Count; index++)
        {
            if (scan.Freed.Contains(_segments[index].Key.Number)) continue;
            segments.Add(new SectionUse(_segments[index].Key.Number, _segments[index].End, _segments[index].Damaged));
        }
        int spares = scan.Files.Spares.Count + _segments.Count - segments.Count;
        report = new LogReport(segments, scan.Files.SetAside, spares, scan.Checkpoints.Newer, scan.NextBatch - 1, summary);
        return result;
    }

    /// <summary>Reads one record after a scan; see <see cref="IRecordLog.Read"/>.</summary>
    public ReadResult Read(RecordPosition position, Span<byte> destination, out RecordKind kind, out int length)
    {
        (kind, length) = (RecordKind.None, 0);
        return _segments is null ? ReadResult.NotThere : _segments.ReadPayload(position, destination, _record, out kind, out length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _segments?.Dispose();
        _disk.Dispose();
    }
}

/// <summary>What a log's directory holds.</summary>
/// <param name="Segments">The parts of the log, oldest first.</param>
/// <param name="SetAside">The names of segments that were set aside earlier.</param>
/// <param name="Spares">How many free segments there are.</param>
/// <param name="Checkpoint">Where the last complete checkpoint ends; the default when there is none.</param>
/// <param name="LastBatch">The highest batch number found.</param>
/// <param name="Summary">What a recovery of everything says.</param>
public sealed record LogReport(
    IReadOnlyList<SectionUse> Segments, IReadOnlyList<string> SetAside, int Spares, RecordPosition Checkpoint, ulong LastBatch,
    RecoverySummary Summary);
