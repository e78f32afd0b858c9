namespace Postern.Spool.Tests.SecondReader;

/// <summary>A segment's number and an offset in it.</summary>
internal readonly record struct Place(uint Segment, uint Offset) : IComparable<Place>
{
    /// <summary>Takes the eight bytes of section 4, <i>segment number × 2³² + offset</i>, apart.</summary>
    internal static Place Read(ReadOnlySpan<byte> bytes) =>
        new(BitConverter.ToUInt32(bytes[4..]), BitConverter.ToUInt32(bytes));

    public int CompareTo(Place other) =>
        Segment == other.Segment ? Offset.CompareTo(other.Offset) : Segment.CompareTo(other.Segment);

    public static bool operator <(Place one, Place other) => one.CompareTo(other) < 0;

    public static bool operator >(Place one, Place other) => one.CompareTo(other) > 0;

    public static bool operator <=(Place one, Place other) => one.CompareTo(other) <= 0;

    public static bool operator >=(Place one, Place other) => one.CompareTo(other) >= 0;
}
