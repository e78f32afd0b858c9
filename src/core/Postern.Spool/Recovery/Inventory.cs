using Postern.Posix.Files;

namespace Postern.Spool;

/// <summary>Finds out which files there are and which segments there should be.</summary>
/// <remarks>
/// The newest readable list of segments is the truth about everything before it. Segments with higher numbers are known
/// by their own headers only.
/// </remarks>
internal sealed class Inventory(ISpoolDisk disk, SegmentList segments, Action<Damage> damaged)
{
    private const int InputOutput = 5; // EIO
    private const int NoDevice = 6; // ENXIO
    private const int BadMessage = 74; // EBADMSG
    private const int Unclean = 117; // EUCLEAN

    /// <summary>
    /// A file that is no part of the log keeps its number from being used, and those before it. But not so many that there
    /// would be an end of numbers: what somebody calls damaged-ffffffff must not have the log refuse mail for ever.
    /// </summary>
    private const uint MaxStray = 1u << 31;

    private readonly SortedDictionary<uint, Segment?> _files = [];

    /// <summary>The newest readable list; null when there is none.</summary>
    internal SegmentTable? Table { get; private set; }

    /// <summary>The segment that the list stands in; 0 when there is none.</summary>
    internal uint TableHolder { get; private set; }

    /// <summary>The files that are not, or not for sure, parts of the log, and what is wrong with them.</summary>
    internal SortedDictionary<uint, DamageReason> Unlisted { get; } = [];

    /// <summary>The listed segments that are not there.</summary>
    internal List<uint> Missing { get; } = [];

    /// <summary>The names of free segments.</summary>
    internal List<string> Spares { get; } = [];

    /// <summary>The names of segments that were set aside.</summary>
    internal List<string> SetAside { get; } = [];

    /// <summary>The highest number that any file or list mentions, unless it is a stray file's and beyond <see cref="MaxStray"/>.</summary>
    internal uint Highest { get; private set; }

    /// <summary>A segment's file that could not be opened for a reason that has nothing to do with it; null without any.</summary>
    internal string? Unopened { get; private set; }

    /// <summary>Why not.</summary>
    internal FileResult WhyUnopened { get; private set; }

    /// <summary>
    /// Whether a file can't be opened or read because of what it is. Else it is we who can't, for want of rights, memory or
    /// descriptors or on a file system that became read-only: what this start can't read the next one may, so nobody must call it
    /// damaged.
    /// </summary>
    internal static bool IsTheFiles(FileResult failure) =>
        failure.Fault is FileFault.NotFound or FileFault.NotBeneath or FileFault.BadName
        || failure.Error is InputOutput or NoDevice or BadMessage or Unclean;

    internal FileResult Read()
    {
        var names = new List<string>();
        var result = disk.List(names);
        if (!result.Ok) return result;
        names.Sort(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (SpoolNames.TryParse(name, SpoolNames.Segment, out uint number)) _files.Add(number, ReadHeader(number));
            else if (SpoolNames.TryParse(name, SpoolNames.SetAside, out number)) SetAside.Add(name);
            else
            {
                if (SpoolNames.TryParse(name, SpoolNames.Spare, out _)) Spares.Add(name);
                continue;
            }
            if (number <= MaxStray || _files.GetValueOrDefault(number) is not null) Highest = Math.Max(Highest, number);
        }
        FindTable();
        if (Table is not null)
            foreach (var entry in Table.Entries) TakeListed(entry);
        foreach (var (number, segment) in _files)
        {
            if (segments.Find(number) is not null || Unlisted.ContainsKey(number)) continue;
            if (number < TableHolder) Unlisted.Add(number, DamageReason.ForeignSegment);
            else if (segment is null) Unlisted.Add(number, DamageReason.SegmentHeader);
            else segments.Add(segment);
        }
        return result;
    }

    /// <summary>Opens a file by name and judges its header; null when neither copy holds.</summary>
    private Segment? ReadHeader(uint number)
    {
        string name = SpoolNames.Of(SpoolNames.Segment, number);
        var opened = disk.Open(name, out var file);
        if (file is null)
        {
            if (!IsTheFiles(opened)) (Unopened, WhyUnopened) = (name, opened);
            return null;
        }
        using (file)
        {
            byte[] pages = new byte[SegmentHeader.TableAt];
            var result = file.Read(0, pages);
            if (!result.Ok && !file.Read(SegmentHeader.Page, pages.AsSpan(SegmentHeader.Page)).Ok) return null;
            bool first = SegmentHeader.TryRead(pages, out var header);
            if (!first && !SegmentHeader.TryRead(pages.AsSpan(SegmentHeader.Page), out header)) return null;
            // Not the file that its name says: copied or renamed by hand.
            if (header.Key.Number != number) return null;
            if (file.Size < header.Bytes)
                damaged(new Damage(number, (uint)file.Size, header.Bytes - (uint)file.Size, DamageReason.Truncated));
            return new Segment(header.Key, Math.Min(file.Size, header.Bytes)) { Damaged = file.Size < header.Bytes };
        }
    }

    private void FindTable()
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(IRecordLog.MaxPayload + RecordHeader.Size);
        foreach (var (number, segment) in _files.Reverse())
        {
            if (segment is null) continue;
            using var alone = new SegmentList(disk);
            alone.Add(segment);
            if (alone.ReadRecord(new RecordPosition(number, SegmentHeader.TableAt), buffer, out var header) != ReadResult.Success
                || header.Kind != RecordKind.SectionTable
                || !SegmentTable.TryDecode(buffer.AsSpan(RecordHeader.Size, header.Length), out var table)) continue;
            (Table, TableHolder) = (table, number);
            Highest = table!.Entries.Count > 0 ? Math.Max(Highest, table.Entries[^1].Key.Number) : Highest;
            return;
        }
    }

    private void TakeListed(SegmentTable.Entry entry)
    {
        uint number = entry.Key.Number;
        if (!_files.TryGetValue(number, out var found))
        {
            Missing.Add(number);
            return;
        }
        if (found is not null && found.Key != entry.Key)
        {
            Unlisted.Add(number, DamageReason.ForeignSegment);
            return;
        }
        bool noHeader = found is null;
        if (noHeader) damaged(new Damage(number, 0, SegmentHeader.TableAt, DamageReason.SegmentHeader));
        segments.Add(new Segment(entry.Key, found?.Size ?? entry.End)
        {
            End = entry.End,
            EndIsKnown = true,
            Damaged = entry.Damaged || noHeader || found!.Damaged,
        });
    }
}
