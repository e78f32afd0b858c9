using CsCheck;

namespace Postern.Spool.Tests.Format;

/// <summary>The bytes of docs/queue-format.md. A change here is a new version of the format.</summary>
public sealed class FormatTests
{
    private static readonly SegmentKey _key = new(7, 0x1122_3344_5566_7788);

    [Fact]
    public void TheChecksum_IsCrc32C()
    {
        // The check value of the published catalogue of CRCs, and the empty string.
        Assert.Equal(0xE3069283u, Checksum.Over(0, "123456789"u8));
        Assert.Equal(0u, Checksum.Over(0, []));
        // The iSCSI standard's example: 32 bytes of zeros.
        Assert.Equal(0x8A9136AAu, Checksum.Over(0, new byte[32]));
    }

    [Fact]
    public void AChecksum_ContinuesWhereAnotherStopped() => Gen.Select(Gen.Byte.Array[0, 100], Gen.UInt).Sample((bytes, seed) =>
    {
        for (int cut = 0; cut <= bytes.Length; cut++)
            Assert.Equal(Checksum.Over(seed, bytes), Checksum.Over(Checksum.Over(seed, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
    });

    [Fact]
    public void ARecord_LooksLikeThis()
    {
        byte[] bytes = Record(RecordKind.Envelope, 3, "abc"u8);
        // Computed by another program from the description.
        Assert.Equal("A205E62E" + "5071" + "11" + "00" + "0300000000000000" + "03000000" + "C39B7011", Convert.ToHexString(bytes.AsSpan(0, 24)));
        Assert.Equal("616263" + "0000000000", Convert.ToHexString(bytes.AsSpan(24)));
        Assert.Equal(32, bytes.Length);
    }

    [Fact]
    public void ASegmentHeader_LooksLikeThis_Twice()
    {
        byte[] pages = new byte[SegmentHeader.TableAt];
        new SegmentHeader(_key, 64 << 20).Write(pages);
        Assert.Equal("506F737465726E00" + "01000000" + "07000000" + "8877665544332211" + "00000004", Convert.ToHexString(pages.AsSpan(0, 28)));
        Assert.Equal(pages[..4096], pages[4096..]);
        Assert.All(pages[32..4096], value => Assert.Equal(0, value));
    }

    [Fact]
    public void ARecord_RoundTrips_AndEveryFlippedBitIsSeen() => Gen.Select(Gen.Byte.Array[0, 40], Gen.ULong[1, long.MaxValue]).Sample(
        (payload, batch) =>
        {
            byte[] bytes = Record(RecordKind.Result, batch, payload);
            Assert.True(RecordHeader.TryRead(bytes, _key, 8192, out var header));
            Assert.Equal((RecordKind.Result, batch, payload.Length), (header.Kind, header.Batch, header.Length));
            Assert.True(header.Covers(bytes.AsSpan(24, payload.Length), _key, 8192));
            for (int bit = 0; bit < 8 * (24 + payload.Length); bit++)
            {
                byte[] flipped = [.. bytes];
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(RecordHeader.TryRead(flipped, _key, 8192, out header) && header.Covers(flipped.AsSpan(24, payload.Length), _key, 8192));
            }
        },
        iter: 50);

    [Fact]
    public void ARecord_HoldsOnlyInItsPlace()
    {
        byte[] bytes = Record(RecordKind.Envelope, 3, "abc"u8);
        Assert.True(RecordHeader.TryRead(bytes, _key, 8192, out var header));
        // Left from the file's earlier life, under another number or with another epoch in either half.
        SegmentKey[] others = [_key with { Number = 8 }, _key with { Epoch = _key.Epoch ^ 1 }];
        Assert.All(others, other => Assert.False(RecordHeader.TryRead(bytes, other, 8192, out _)));
        Assert.False(header.Covers("abc"u8, _key with { Epoch = _key.Epoch ^ (1UL << 40) }, 8192));
        Assert.False(header.Covers("abc"u8, _key with { Number = 8 }, 8192));
        // Written to another place by the disk.
        Assert.False(RecordHeader.TryRead(bytes, _key, 8200, out _));
        Assert.False(header.Covers("abc"u8, _key, 8200));
    }

    [Theory]
    // Numbers that no log comes to must not be added to.
    [InlineData(0UL, 0, false)]
    [InlineData(1UL, 0, true)]
    [InlineData(9223372036854775807UL, 1048576, true)]
    [InlineData(9223372036854775808UL, 0, false)]
    [InlineData(18446744073709551615UL, 0, false)]
    // Lengths that no record has.
    [InlineData(1UL, 1048577, false)]
    [InlineData(1UL, 2147483647, false)]
    [InlineData(1UL, -1, false)]
    [InlineData(1UL, -2147483648, false)]
    public void AHeaderWithAGoodChecksum_IsJudgedAllTheSame(ulong batch, int length, bool good)
    {
        byte[] bytes = Record(RecordKind.Envelope, batch, []);
        BitConverter.TryWriteBytes(bytes.AsSpan(16), length);
        BitConverter.TryWriteBytes(bytes, Checksum.Over(_key.HeaderSeed(8192), bytes.AsSpan(4, 20)));
        Assert.Equal(good, RecordHeader.TryRead(bytes, _key, 8192, out _));
    }

    [Fact]
    public void AHeaderWhoseFreeByteMeansSomething_IsAnotherVersions()
    {
        byte[] bytes = Record(RecordKind.Envelope, 3, []);
        bytes[7] = 1;
        BitConverter.TryWriteBytes(bytes, Checksum.Over(_key.HeaderSeed(8192), bytes.AsSpan(4, 20)));
        Assert.False(RecordHeader.TryRead(bytes, _key, 8192, out _));
    }

    [Fact]
    public void EveryCutOfAHeader_IsNoHeader()
    {
        byte[] bytes = Record(RecordKind.Envelope, 3, []);
        for (int length = 0; length < 24; length++) Assert.False(RecordHeader.TryRead(bytes.AsSpan(0, length), _key, 8192, out _));
        byte[] page = new byte[SegmentHeader.TableAt];
        new SegmentHeader(_key, 1 << 20).Write(page);
        for (int length = 0; length < 32; length++) Assert.False(SegmentHeader.TryRead(page.AsSpan(0, length), out _));
        for (int bit = 0; bit < 32 * 8; bit++)
        {
            byte[] flipped = [.. page];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(SegmentHeader.TryRead(flipped, out _));
        }
    }

    [Fact]
    public void AListOfSegments_RoundTrips() =>
        Gen.Select(Gen.UInt[1, 1000], Gen.UInt[0, SegmentHeader.MaxBytes], Gen.ULong, Gen.Bool).List[0, 20].Sample(list =>
        {
            uint number = 0;
            var entries = list.ConvertAll(item => new SegmentTable.Entry(new(number += item.Item1, item.Item3), item.Item2, item.Item4));
            var pair = new CheckpointPair(new(1, 2), new(3, 4), new(5, 6), new(7, 8));
            byte[] bytes = new SegmentTable(pair, (uint)list.Count, entries).Encode();
            Assert.True(SegmentTable.TryDecode(bytes, out var table));
            Assert.Equal((pair, (uint)list.Count), (table!.Checkpoints, table.Hole));
            Assert.Equal(entries, table.Entries);
            for (int length = 0; length < bytes.Length; length++) Assert.False(SegmentTable.TryDecode(bytes.AsSpan(0, length), out _));
        });

    [Fact]
    public void AListOutOfOrder_IsNoList()
    {
        var entries = new SegmentTable.Entry[] { new(new(2, 0), 0, false), new(new(2, 0), 0, false) };
        Assert.False(SegmentTable.TryDecode(new SegmentTable(default, 0, entries).Encode(), out _));
        entries = [new(new(0, 0), 0, false)];
        Assert.False(SegmentTable.TryDecode(new SegmentTable(default, 0, entries).Encode(), out _));
        entries = [new(new(1, 0), SegmentHeader.MaxBytes + 1, false)];
        Assert.False(SegmentTable.TryDecode(new SegmentTable(default, 0, entries).Encode(), out _));
    }

    [Fact]
    public void TheLogsOwnPayloads_RoundTrip()
    {
        byte[] bytes = new byte[CommitRecord.Size];
        var commit = new CommitRecord(uint.MaxValue, 0xDEADBEEF, new(9, 8));
        commit.Write(bytes);
        Assert.True(CommitRecord.TryRead(bytes, out var read));
        Assert.Equal(commit, read);
        Assert.False(CommitRecord.TryRead(bytes.AsSpan(1), out _));
        bytes = new byte[FreedRecord.Size];
        new FreedRecord(5, true).Write(bytes);
        Assert.Equal(new FreedRecord(5, true), FreedRecord.Read(bytes));
        Assert.Equal(default, FreedRecord.Read(bytes.AsSpan(1)));
        Assert.Equal([new(1, 2), new(3, 4)], CheckpointEnd.Read(CheckpointEnd.Write(new(1, 2), [new(3, 4)]))!);
        Assert.Null(CheckpointEnd.Read([]));
        Assert.Null(CheckpointEnd.Read(new byte[9]));
    }

    [Theory]
    [InlineData("segment-00000001", 1u)]
    [InlineData("segment-ffffffff", uint.MaxValue)]
    // Spellings that mean the same to a number reader and are not ours.
    [InlineData("segment-1", 0u)]
    [InlineData("segment-0000000A", 0u)]
    [InlineData("segment-+0000001", 0u)]
    [InlineData("segment- 0000001", 0u)]
    [InlineData("segment-00000000", 0u)]
    [InlineData("segment-100000000", 0u)]
    [InlineData("segment-00000001~", 0u)]
    [InlineData("Segment-00000001", 0u)]
    [InlineData("spare-00000001", 0u)]
    [InlineData("segment-", 0u)]
    public void ANameHasOneSpelling(string name, uint number)
    {
        Assert.Equal(number != 0, SpoolNames.TryParse(name, SpoolNames.Segment, out uint read));
        if (number != 0) Assert.Equal((number, name), (read, SpoolNames.Of(SpoolNames.Segment, read)));
    }

    [Fact]
    public void APosition_IsOneNumberToo() => Gen.Select(Gen.UInt, Gen.UInt).Sample((segment, offset) =>
        Assert.Equal(new RecordPosition(segment, offset), RecordPosition.Unpack(new RecordPosition(segment, offset).Packed)));

    private static byte[] Record(RecordKind kind, ulong batch, ReadOnlySpan<byte> payload)
    {
        byte[] bytes = new byte[RecordHeader.SpaceFor(payload.Length)];
        RecordHeader.Write(bytes, _key, 8192, new RecordHeader(kind, batch, payload.Length, 0), payload);
        return bytes;
    }
}
