using System.Buffers.Binary;
using Postern.Posix;

namespace Postern.Spool;

/// <summary>The measures of a log.</summary>
public sealed record LogOptions
{
    /// <summary>How long a new segment is, in bytes: a multiple of 4096 from 64 KiB to 1 GiB.</summary>
    public int SegmentBytes { get; init; } = 64 << 20;

    /// <summary>How many free segments are kept for their next use instead of being removed.</summary>
    public int MaxSpares { get; init; } = 4;

    /// <summary>How many bytes the log leaves on the disk for others when it reserves a segment. Arbitrary.</summary>
    public long MinFreeBytes { get; init; } = 16 << 20;

    /// <summary>How many bytes of a new segment one call of <see cref="IRecordLog.Prepare"/> writes ahead; 0 for none.</summary>
    /// <remarks>
    /// Overwriting needs no entry in the file system's own journal, which halves the time of a sync. The very first segment
    /// is written whole before anything else.
    /// </remarks>
    public int ZeroedPerCall { get; init; } = 8 << 20;

    /// <summary>Draws an epoch: 64 bits that nobody can guess.</summary>
    public Func<ulong> DrawEpoch { get; init; } = () => BinaryPrimitives.ReadUInt64LittleEndian(RandomBytes.Take(8));

    /// <summary>A mistake on purpose, for the test that has to find it: recovery believes what was never committed.</summary>
    internal bool TakesUncommitted { get; init; }

    /// <summary>Another one: a segment may be freed whatever the checkpoints say.</summary>
    internal bool FreesWithoutCheckpoint { get; init; }

    internal void Check()
    {
        if (SegmentBytes < SegmentHeader.MinBytes || SegmentBytes > SegmentHeader.MaxBytes || SegmentBytes % SegmentHeader.Page != 0)
            throw new InvalidOperationException($"A segment can't have {SegmentBytes} bytes.");
    }
}
