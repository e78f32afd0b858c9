using System.Buffers.Binary;

namespace Postern.Spool;

/// <summary>What a segment says at its start about those before it: which there are, how far they reach, where to begin.</summary>
/// <remarks>
/// The newest table is the truth about the log: it makes a missing, exchanged or shortened segment visible, and it ends a
/// segment whose tail was dropped at recovery, so that the tail can't come back.
/// </remarks>
/// <param name="Checkpoints">The checkpoints that were complete.</param>
/// <param name="Hole">The highest number of a segment that was freed although there were older ones; 0 for none.</param>
/// <param name="Entries">The segments before this one, oldest first.</param>
internal sealed record SegmentTable(CheckpointPair Checkpoints, uint Hole, IReadOnlyList<SegmentTable.Entry> Entries)
{
    /// <summary>As many as fit one record: at 64 MiB each they are 2.6 TiB.</summary>
    internal const int MaxEntries = (IRecordLog.MaxPayload - Prefix) / EntrySize;

    private const int Prefix = 40;
    private const int EntrySize = 24;

    /// <summary>One segment.</summary>
    /// <param name="Key">Its number and epoch.</param>
    /// <param name="End">Where its committed records end; what lies behind does not count.</param>
    /// <param name="Damaged">True when parts of it could not be read.</param>
    internal readonly record struct Entry(SegmentKey Key, uint End, bool Damaged);

    internal byte[] Encode()
    {
        byte[] bytes = new byte[Prefix + (EntrySize * Entries.Count)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Entries.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Hole);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), Checkpoints.Newer.Packed);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), Checkpoints.NewerStart.Packed);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), Checkpoints.Older.Packed);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(32), Checkpoints.OlderStart.Packed);
        var rest = bytes.AsSpan(Prefix);
        foreach (var entry in Entries)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rest, entry.Key.Number);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], entry.End);
            BinaryPrimitives.WriteUInt64LittleEndian(rest[8..], entry.Key.Epoch);
            rest[16] = entry.Damaged ? (byte)1 : (byte)0;
            rest = rest[EntrySize..];
        }
        return bytes;
    }

    internal static bool TryDecode(ReadOnlySpan<byte> bytes, out SegmentTable? table)
    {
        table = null;
        if (bytes.Length < Prefix || (bytes.Length - Prefix) % EntrySize != 0) return false;
        if (BinaryPrimitives.ReadInt32LittleEndian(bytes) != (bytes.Length - Prefix) / EntrySize) return false;
        var entries = new List<Entry>((bytes.Length - Prefix) / EntrySize);
        for (var rest = bytes[Prefix..]; !rest.IsEmpty; rest = rest[EntrySize..])
        {
            var key = new SegmentKey(BinaryPrimitives.ReadUInt32LittleEndian(rest), BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]));
            uint end = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (end > SegmentHeader.MaxBytes || key.Number == 0 || (entries.Count > 0 && key.Number <= entries[^1].Key.Number)) return false;
            entries.Add(new Entry(key, end, rest[16] != 0));
        }
        table = new SegmentTable(
            new CheckpointPair(Position(bytes[8..]), Position(bytes[16..]), Position(bytes[24..]), Position(bytes[32..])),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
            entries);
        return true;
    }

    private static RecordPosition Position(ReadOnlySpan<byte> bytes) => RecordPosition.Unpack(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
}
