namespace Postern.Spool.Tests.SecondReader;

/// <summary>CRC-32C, and where docs/queue-format.md, section 3, lets it start.</summary>
internal static class Castagnoli
{
    // 0x1EDC6F41 with its bits reflected.
    private const uint Polynomial = 0x82F63B78;

    private static readonly uint[] _table = MakeTable();

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
        foreach (byte value in bytes) register = _table[(register ^ value) & 0xFF] ^ (register >> 8);
        return register;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint index = 0; index < 256; index++)
        {
            uint value = index;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Polynomial;
            table[index] = value;
        }
        return table;
    }
}
