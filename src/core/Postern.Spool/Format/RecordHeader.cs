using System.Buffers.Binary;

namespace Postern.Spool;

/// <summary>The 24 bytes before each payload; docs/queue-format.md shows them byte by byte.</summary>
/// <param name="Kind">What the record is.</param>
/// <param name="Batch">The number of the batch it belongs to.</param>
/// <param name="Length">The payload's length in bytes.</param>
/// <param name="PayloadChecksum">The payload's checksum.</param>
internal readonly record struct RecordHeader(RecordKind Kind, ulong Batch, int Length, uint PayloadChecksum)
{
    internal const int Size = 24;

    /// <summary>Records begin at multiples of this.</summary>
    internal const int Alignment = 8;

    /// <summary>A log never comes to it: a million batches a second would take 292,000 years. It keeps sums from overflowing.</summary>
    internal const ulong MaxBatch = long.MaxValue;

    /// <summary>Makes a search skip most places without computing a checksum.</summary>
    private const ushort Mark = 0x7150; // "Pq"

    /// <summary>How many bytes a record takes, with header and alignment.</summary>
    internal int Space => SpaceFor(Length);

    internal static int SpaceFor(int payload) => (Size + payload + Alignment - 1) & -Alignment;

    /// <summary>Writes a header and a payload.</summary>
    internal static void Write(Span<byte> to, SegmentKey key, uint offset, RecordHeader record, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to[4..], Mark);
        to[6] = (byte)record.Kind;
        to[7] = 0;
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], record.Batch);
        BinaryPrimitives.WriteInt32LittleEndian(to[16..], payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(to[20..], Checksum.Over(key.PayloadSeed(offset), payload));
        BinaryPrimitives.WriteUInt32LittleEndian(to, Checksum.Over(key.HeaderSeed(offset), to[4..Size]));
        payload.CopyTo(to[Size..]);
        to[(Size + payload.Length)..SpaceFor(payload.Length)].Clear();
    }

    /// <summary>Judges the bytes at a place where a record may begin.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> from, SegmentKey key, uint offset, out RecordHeader header)
    {
        header = default;
        if (from.Length < Size || BinaryPrimitives.ReadUInt16LittleEndian(from[4..]) != Mark) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(from) != Checksum.Over(key.HeaderSeed(offset), from[4..Size])) return false;
        int length = BinaryPrimitives.ReadInt32LittleEndian(from[16..]);
        ulong batch = BinaryPrimitives.ReadUInt64LittleEndian(from[8..]);
        if (length is < 0 or > IRecordLog.MaxPayload || batch is 0 or > MaxBatch || from[7] != 0) return false;
        header = new RecordHeader((RecordKind)from[6], batch, length, BinaryPrimitives.ReadUInt32LittleEndian(from[20..]));
        return true;
    }

    /// <summary>True when a payload is the one that was written.</summary>
    internal bool Covers(ReadOnlySpan<byte> payload, SegmentKey key, uint offset) =>
        Checksum.Over(key.PayloadSeed(offset), payload) == PayloadChecksum;
}

/// <summary>The payload of a commit record.</summary>
/// <param name="Count">How many records the batch has, this one not counted.</param>
/// <param name="Checksum">The checksum over their headers, in order.</param>
/// <param name="First">Where the first of them stands.</param>
internal readonly record struct CommitRecord(uint Count, uint Checksum, RecordPosition First)
{
    internal const int Size = 16;

    /// <summary>How many bytes a commit record takes in the log.</summary>
    internal static readonly int Space = RecordHeader.SpaceFor(Size);

    internal void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, Count);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], Checksum);
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], First.Packed);
    }

    internal static bool TryRead(ReadOnlySpan<byte> from, out CommitRecord commit)
    {
        commit = default;
        if (from.Length != Size) return false;
        commit = new CommitRecord(
            BinaryPrimitives.ReadUInt32LittleEndian(from),
            BinaryPrimitives.ReadUInt32LittleEndian(from[4..]),
            RecordPosition.Unpack(BinaryPrimitives.ReadUInt64LittleEndian(from[8..])));
        return true;
    }
}
