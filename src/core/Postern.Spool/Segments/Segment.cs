namespace Postern.Spool;

/// <summary>A segment of the log as the running program knows it.</summary>
internal sealed class Segment(SegmentKey key, long size)
{
    /// <summary>Number and epoch.</summary>
    internal SegmentKey Key { get; } = key;

    /// <summary>The file's length in bytes.</summary>
    internal long Size { get; } = size;

    /// <summary>Where its records end: nothing behind is read. While it is searched or written, as far as it may reach.</summary>
    internal uint End { get; set; } = (uint)Math.Min(size, SegmentHeader.MaxBytes);

    /// <summary>How far a record in it can reach: to where its records end, and no further than the file.</summary>
    internal long Reach => Math.Min(End, Size);

    /// <summary>True when a table named <see cref="End"/>; else the segment is searched to its end.</summary>
    internal bool EndIsKnown { get; set; }

    /// <summary>Where the first record behind the list of segments begins; 0 until that is known.</summary>
    internal uint Start { get; set; }

    /// <summary>True when parts of it could not be read.</summary>
    internal bool Damaged { get; set; }

    /// <summary>The open file; null while it is closed.</summary>
    internal ISpoolFile? File { get; set; }

    internal SegmentTable.Entry ToEntry() => new(Key, End, Damaged);
}
