using System.Buffers.Binary;

namespace Postern.Spool;

/// <summary>The payload of a record that frees a segment.</summary>
/// <param name="Segment">The segment's number.</param>
/// <param name="Punctures">True when there were older ones.</param>
internal readonly record struct FreedRecord(uint Segment, bool Punctures)
{
    internal const int Size = 8;

    internal void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, Segment);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], Punctures ? 1u : 0u);
    }

    /// <summary>Reads a payload; the default for one that this version did not write.</summary>
    internal static FreedRecord Read(ReadOnlySpan<byte> from) => from.Length != Size
        ? default
        : new FreedRecord(BinaryPrimitives.ReadUInt32LittleEndian(from), BinaryPrimitives.ReadUInt32LittleEndian(from[4..]) != 0);
}

/// <summary>The payload of the record that completes a checkpoint: where reading goes on, then the pieces.</summary>
internal static class CheckpointEnd
{
    internal const int MaxPieces = (IRecordLog.MaxPayload / sizeof(ulong)) - 1;

    internal static byte[] Write(RecordPosition start, List<RecordPosition> pieces)
    {
        byte[] bytes = new byte[sizeof(ulong) * (1 + pieces.Count)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, start.Packed);
        for (int index = 0; index < pieces.Count; index++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(sizeof(ulong) * (1 + index)), pieces[index].Packed);
        return bytes;
    }

    /// <summary>The start and then the pieces; null for a payload that is no list of positions.</summary>
    internal static RecordPosition[]? Read(ReadOnlySpan<byte> from)
    {
        if (from.IsEmpty || from.Length % sizeof(ulong) != 0) return null;
        var positions = new RecordPosition[from.Length / sizeof(ulong)];
        for (int index = 0; index < positions.Length; index++)
            positions[index] = RecordPosition.Unpack(BinaryPrimitives.ReadUInt64LittleEndian(from[(sizeof(ulong) * index)..]));
        return positions;
    }
}
