namespace Postern.Spool;

/// <summary>Where a record stands in the log: 8 bytes that stay valid until its segment is freed.</summary>
/// <remarks>Positions order records by age. No record ever stands at the default value, so it can mean "none".</remarks>
/// <param name="Segment">The number of the segment, from 1: the part of the log that is freed as a whole.</param>
/// <param name="Offset">The place inside the segment, in bytes.</param>
public readonly record struct RecordPosition(uint Segment, uint Offset) : IComparable<RecordPosition>
{
    /// <summary>The position as one number, for tables and records of the caller.</summary>
    public ulong Packed => ((ulong)Segment << 32) | Offset;

    /// <summary>The position that <see cref="Packed"/> gave.</summary>
    public static RecordPosition Unpack(ulong packed) => new((uint)(packed >> 32), unchecked((uint)packed));

    /// <inheritdoc/>
    public int CompareTo(RecordPosition other) => Packed.CompareTo(other.Packed);

    /// <inheritdoc/>
    public override string ToString() => $"{Segment:x8}:{Offset:x8}";

    public static bool operator <(RecordPosition left, RecordPosition right) => left.Packed < right.Packed;

    public static bool operator >(RecordPosition left, RecordPosition right) => left.Packed > right.Packed;

    public static bool operator <=(RecordPosition left, RecordPosition right) => left.Packed <= right.Packed;

    public static bool operator >=(RecordPosition left, RecordPosition right) => left.Packed >= right.Packed;
}
