using System.Buffers.Binary;

namespace Postern.Spool;

/// <summary>The first bytes of a segment, written twice: in its first and in its second page.</summary>
/// <param name="Key">The segment's number and epoch.</param>
/// <param name="Bytes">The segment's length in bytes.</param>
internal readonly record struct SegmentHeader(SegmentKey Key, uint Bytes)
{
    /// <summary>No page that holds something committed is ever written again, so batches begin at pages.</summary>
    internal const int Page = 4096;

    /// <summary>Where the list of segments stands, the first record of each segment.</summary>
    internal const int TableAt = 2 * Page;

    /// <summary>The smallest segment: arbitrary, for tests.</summary>
    internal const uint MinBytes = 16 * Page;

    /// <summary>The largest segment: positions inside it must fit a signed number of 32 bits.</summary>
    internal const uint MaxBytes = 1 << 30;

    private const int Size = 32;
    private const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "Postern\0"u8;

    internal static long NextPage(long offset) => (offset + Page - 1) & -Page;

    /// <summary>Writes both copies into the first two pages.</summary>
    internal void Write(Span<byte> pages)
    {
        pages[..TableAt].Clear();
        Magic.CopyTo(pages);
        BinaryPrimitives.WriteUInt32LittleEndian(pages[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(pages[12..], Key.Number);
        BinaryPrimitives.WriteUInt64LittleEndian(pages[16..], Key.Epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(pages[24..], Bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(pages[28..], Checksum.Over(0, pages[..28]));
        pages[..Size].CopyTo(pages[Page..]);
    }

    /// <summary>Reads one copy.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> page, out SegmentHeader header)
    {
        header = default;
        if (page.Length < Size || !page.StartsWith(Magic)) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(page[28..]) != Checksum.Over(0, page[..28])) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(page[8..]) != Version) return false;
        uint bytes = BinaryPrimitives.ReadUInt32LittleEndian(page[24..]);
        if (bytes is < MinBytes or > MaxBytes || bytes % Page != 0) return false;
        header = new SegmentHeader(
            new SegmentKey(BinaryPrimitives.ReadUInt32LittleEndian(page[12..]), BinaryPrimitives.ReadUInt64LittleEndian(page[16..])),
            bytes);
        return true;
    }
}
