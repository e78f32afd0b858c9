using System.Buffers.Binary;

namespace Postern.Spool.Tests.SecondReader;

/// <summary>CRC-32C, and where docs/queue-format.md, section 3, lets it start.</summary>
internal static class Castagnoli
{
    // 0x1EDC6F41 with its bits reflected.
    private const uint Polynomial = 0x82F63B78;

    /// <summary>What a byte makes of the register when so many more follow it: eight tables, so that eight bytes are one step.</summary>
    private static readonly uint[][] _tables = MakeTables();

    internal static uint Over(uint start, ReadOnlySpan<byte> bytes) => ~Run(~start, bytes);

    /// <summary>The seed of one checksum of a record: its half of the epoch with the record's place run through it.</summary>
    internal static uint Seed(uint half, Place place)
    {
        Span<byte> bytes = stackalloc byte[8];
        BitConverter.TryWriteBytes(bytes, place.Offset);
        BitConverter.TryWriteBytes(bytes[4..], place.Segment);
        return Run(half, bytes);
    }

    private static uint Run(uint register, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            uint low = register ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes), high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            register = _tables[7][low & 0xFF] ^ _tables[6][(low >> 8) & 0xFF] ^ _tables[5][(low >> 16) & 0xFF] ^ _tables[4][low >> 24]
                ^ _tables[3][high & 0xFF] ^ _tables[2][(high >> 8) & 0xFF] ^ _tables[1][(high >> 16) & 0xFF] ^ _tables[0][high >> 24];
            bytes = bytes[8..];
        }
        foreach (byte value in bytes) register = _tables[0][(register ^ value) & 0xFF] ^ (register >> 8);
        return register;
    }

    private static uint[][] MakeTables()
    {
        uint[][] tables = [.. Enumerable.Range(0, 8).Select(_ => new uint[256])];
        for (uint index = 0; index < 256; index++)
        {
            uint value = index;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Polynomial;
            tables[0][index] = value;
        }
        for (int more = 1; more < 8; more++)
            for (uint index = 0; index < 256; index++)
                tables[more][index] = tables[0][tables[more - 1][index] & 0xFF] ^ (tables[more - 1][index] >> 8);
        return tables;
    }
}
