using Postern.Fuzz.Oracles;
using Postern.Spool;
using Postern.Spool.Tests.SecondReader;

namespace Postern.Fuzz.Logs;

/// <summary>The log's own headers and payloads: what is accepted is written again as the same bytes, and read the same by the second reader.</summary>
internal static class FormatTarget
{
    private static readonly SegmentKey s_key = new(7, 0x1122_3344_5566_7788);

    internal static void Run(ReadOnlySpan<byte> input)
    {
        Header(input);
        List(input);
        byte[] bytes = new byte[CommitRecord.Size];
        Demand.Equal(input.Length == CommitRecord.Size, CommitRecord.TryRead(input, out var commit), "a commit");
        commit.Write(bytes);
        if (input.Length == CommitRecord.Size) Demand.Same(input, bytes, "a commit written again");
        if (CheckpointEnd.Read(input) is { } positions) Demand.Same(input, CheckpointEnd.Write(positions[0], [.. positions[1..]]), "an end written again");
        var freed = FreedRecord.Read(input);
        freed.Write(bytes);
        if (freed != default) Demand.That(FreedRecord.Read(bytes.AsSpan(0, FreedRecord.Size)) == freed, "another freed segment");
        string name = Demand.Latin(input);
        bool isSegment = SpoolNames.TryParse(name, SpoolNames.Segment, out uint number);
        Demand.Equal(FoundSegment.Of(name, []) is not null, isSegment, "a segment's name");
        if (isSegment) Demand.Equal(name, SpoolNames.Of(SpoolNames.Segment, number), "the name written");
        SegmentFile(input);
    }

    // The input as a record, with the checksums that it needs.
    private static void Header(ReadOnlySpan<byte> input)
    {
        if (input.Length < 17) return;
        var reader = new InputReader(input);
        var kind = (RecordKind)reader.Byte();
        ulong batch = reader.UInt64();
        byte[] file = new byte[8192 + RecordHeader.SpaceFor(input.Length)];
        RecordHeader.Write(file.AsSpan(8192), s_key, 8192, new RecordHeader(kind, batch, input.Length, 0), input);
        bool read = RecordHeader.TryRead(file.AsSpan(8192), s_key, 8192, out var header);
        var found = FoundRecord.Read(file, (uint)file.Length, new Place(7, 8192), s_key.Epoch);
        Demand.Equal(found is not null, read, "a header");
        if (found is null) return;
        Demand.Equal((found.Kind, found.Batch, found.Payload.Length), ((byte)header.Kind, header.Batch, header.Length), "what it says");
        Demand.That(found.IsWhole && header.Covers(file.AsSpan(8192 + 24, header.Length), s_key, 8192), "a payload that it does not cover");
    }

    private static void List(ReadOnlySpan<byte> input)
    {
        var allocated = Allocated.Begin();
        bool read = SegmentTable.TryDecode(input, out var table);
        allocated.Demand(input.Length, 10);
        var found = Spool.Tests.SecondReader.SegmentList.Read(input, uint.MaxValue);
        // The last number of all has no segment behind it that could list it.
        if (!read || (table!.Entries.Count > 0 && table.Entries[^1].Key.Number == uint.MaxValue)) return;
        Demand.That(found is not null, "a list that only one reader takes");
        Demand.Equal(found!.Segments.Length, table.Entries.Count, "its entries");
        byte[] again = table.Encode();
        Demand.That(SegmentTable.TryDecode(again, out var back) && back!.Entries.SequenceEqual(table.Entries) && back.Checkpoints == table.Checkpoints, "another list");
    }

    private static void SegmentFile(ReadOnlySpan<byte> input)
    {
        if (!SegmentHeader.TryRead(input, out var header)) return;
        byte[] pages = new byte[SegmentHeader.TableAt];
        header.Write(pages);
        Demand.Same(input[..32], pages.AsSpan(0, 32), "a segment's header written again");
    }
}
