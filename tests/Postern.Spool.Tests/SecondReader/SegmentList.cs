namespace Postern.Spool.Tests.SecondReader;

/// <summary>What a list says of one segment.</summary>
internal sealed record ListedSegment(uint Number, uint End, ulong Epoch, bool IsDamaged);

/// <summary>A list of segments (section 4, kind 0x02).</summary>
internal sealed record SegmentList(uint Hole, Place[] Checkpoints, ListedSegment[] Segments)
{
    internal static SegmentList? Read(ReadOnlySpan<byte> payload, uint owner)
    {
        if (payload.Length < 40) return null;
        uint count = BitConverter.ToUInt32(payload);
        if (payload.Length != 40 + (24L * count)) return null;
        var places = new Place[4];
        for (int index = 0; index < 4; index++) places[index] = Place.Read(payload[(8 + (8 * index))..]);
        var segments = new ListedSegment[count];
        uint before = 0;
        for (int index = 0; index < segments.Length; index++)
        {
            var entry = payload[(40 + (24 * index))..];
            segments[index] = new(BitConverter.ToUInt32(entry), BitConverter.ToUInt32(entry[4..]), BitConverter.ToUInt64(entry[8..]), entry[16] == 1);
            // Ascending, and all of them older than the segment it stands in.
            if (segments[index].Number <= before || segments[index].Number >= owner) return null;
            before = segments[index].Number;
        }
        return new(BitConverter.ToUInt32(payload[4..]), places, segments);
    }
}
