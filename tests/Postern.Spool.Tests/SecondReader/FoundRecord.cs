namespace Postern.Spool.Tests.SecondReader;

/// <summary>A record whose header holds (section 3). Its payload may not.</summary>
internal sealed record FoundRecord(Place Place, byte Kind, ulong Batch, byte[] Header, byte[] Payload, bool IsWhole)
{
    internal const byte Commit = 0x01, List = 0x02, Freed = 0x03, Piece = 0x08, CheckpointEnd = 0x09;

    internal uint End => Place.Offset + Round((uint)(24 + Payload.Length), 8);

    /// <summary>Section 4: what begins with 0x1 or 0x2 is the caller's; it alone is shown.</summary>
    internal bool IsShown => Kind is 0x10 or 0x11 or 0x20 or 0x21;

    internal bool IsKnown => IsShown || Kind is Commit or List or Freed or Piece or CheckpointEnd;

    /// <summary>Where the next record can begin: a batch begins on a page of its own.</summary>
    internal uint Next => Kind is Commit or List ? Round(End, 4096) : End;

    internal static uint Round(uint value, uint to) => (value + to - 1) / to * to;

    internal static FoundRecord? Read(byte[] file, uint limit, Place place, ulong epoch)
    {
        uint at = place.Offset;
        if (at + 24L > limit || at % 8 != 0) return null;
        var header = file.AsSpan((int)at, 24);
        if (header[4] != (byte)'P' || header[5] != (byte)'q' || header[7] != 0) return null;
        uint seed = Castagnoli.Seed((uint)(epoch & uint.MaxValue), place);
        if (BitConverter.ToUInt32(header) != Castagnoli.Over(seed, header[4..])) return null;
        ulong batch = BitConverter.ToUInt64(header[8..]);
        uint length = BitConverter.ToUInt32(header[16..]);
        if (batch is 0 or > long.MaxValue || length > 1_048_576 || at + 24L + Round(length, 8) > limit) return null;
        byte[] payload = file[(int)(at + 24)..(int)(at + 24 + length)];
        seed = Castagnoli.Seed((uint)(epoch >> 32), place);
        bool isWhole = BitConverter.ToUInt32(header[20..]) == Castagnoli.Over(seed, payload);
        return new(place, header[6], batch, header.ToArray(), payload, isWhole);
    }
}
