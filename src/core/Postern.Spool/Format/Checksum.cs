using System.Buffers.Binary;
using System.Numerics;

namespace Postern.Spool;

/// <summary>CRC-32C (Castagnoli): finds every damage of up to three bits in a record and all but one of 2³² others.</summary>
internal static class Checksum
{
    /// <summary>The checksum of some bytes, continuing from that of the bytes before them, or from a seed.</summary>
    internal static uint Over(uint before, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~before;
        // The runtime turns each step into one instruction where the machine has it, and into a table where not.
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte value in bytes) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}

/// <summary>What a record's checksums start from: the segment, its epoch, and the place.</summary>
/// <remarks>
/// A record that is left from the file's earlier life, or that a disk put in another place, therefore does not hold. The
/// epoch is random and never leaves the disk, and each checksum starts from another half of it, so that nobody can write
/// a message whose content passes for records when a damaged segment is searched for the next one.
/// </remarks>
/// <param name="Number">The segment's number.</param>
/// <param name="Epoch">Drawn anew each time a file becomes a segment.</param>
internal readonly record struct SegmentKey(uint Number, ulong Epoch)
{
    internal uint HeaderSeed(uint offset) => Seed(unchecked((uint)Epoch), offset);

    internal uint PayloadSeed(uint offset) => Seed((uint)(Epoch >> 32), offset);

    private uint Seed(uint half, uint offset) => BitOperations.Crc32C(half, ((ulong)Number << 32) | offset);
}
