namespace Postern.Spool;

/// <summary>Where a record stands in the log: 8 bytes that stay valid until its section is freed.</summary>
/// <remarks>Positions order records by age. No record ever stands at the default value, so it can mean "none".</remarks>
/// <param name="Section">The number of the section, from 1: the part of the log that is freed as a whole.</param>
/// <param name="Place">The place inside the section.</param>
public readonly record struct RecordPosition(uint Section, uint Place) : IComparable<RecordPosition>
{
    /// <summary>What a section is in a directory.</summary>
    internal uint Segment => Section;

    /// <summary>What a place is in a file, in bytes.</summary>
    internal uint Offset => Place;

    /// <summary>The position as one number, for tables and records of the caller.</summary>
    public ulong Packed => ((ulong)Section << 32) | Place;

    /// <summary>The position that <see cref="Packed"/> gave.</summary>
    public static RecordPosition Unpack(ulong packed) => new((uint)(packed >> 32), unchecked((uint)packed));

    /// <inheritdoc/>
    public int CompareTo(RecordPosition other) => Packed.CompareTo(other.Packed);

    /// <inheritdoc/>
    public override string ToString() => $"{Section:x8}:{Place:x8}";

    public static bool operator <(RecordPosition left, RecordPosition right) => left.Packed < right.Packed;

    public static bool operator >(RecordPosition left, RecordPosition right) => left.Packed > right.Packed;

    public static bool operator <=(RecordPosition left, RecordPosition right) => left.Packed <= right.Packed;

    public static bool operator >=(RecordPosition left, RecordPosition right) => left.Packed >= right.Packed;
}
