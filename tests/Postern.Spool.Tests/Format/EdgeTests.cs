using System.Buffers.Binary;

namespace Postern.Spool.Tests.Format;

/// <summary>The smallest and largest of everything that the log's bytes may say, and one beyond.</summary>
public sealed class EdgeTests
{
    private static readonly SegmentKey _key = new(7, 0x1122_3344_5566_7788);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 4096)]
    [InlineData(4095, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    public void ABatch_BeginsAtTheNextPage(long offset, long page) => Assert.Equal(page, SegmentHeader.NextPage(offset));

    [Theory]
    [InlineData(64 * 1024, true)]
    [InlineData(1 << 30, true)]
    [InlineData(68 * 1024, true)]
    [InlineData((64 * 1024) - 4096, false)]
    [InlineData((1 << 30) + 4096, false)]
    [InlineData((64 * 1024) + 1, false)]
    [InlineData((64 * 1024) + 4095, false)]
    public void ASegment_HasWholePages_From64KiBTo1GiB(uint bytes, bool isOne)
    {
        byte[] pages = new byte[SegmentHeader.TableAt];
        new SegmentHeader(_key, bytes).Write(pages);
        Assert.Equal(isOne, SegmentHeader.TryRead(pages, out var header));
        Assert.Equal(isOne ? new SegmentHeader(_key, bytes) : default, header);
        Action make = () => new LogOptions { SegmentBytes = (int)bytes }.Check();
        if (isOne) make();
        else Assert.Throws<InvalidOperationException>(make);
    }

    [Fact]
    public void ALog_LooksAtItsMeasuresBeforeItMakesAnything() =>
        Assert.Throws<InvalidOperationException>(() => new SegmentLog(new TestKit.SimulatedDisk(), new LogOptions { SegmentBytes = 1000 }));

    [Fact]
    public void TheMeasures_AreThese()
    {
        var options = new LogOptions();
        Assert.Equal((64 << 20, 4, 16L << 20, 8 << 20), (options.SegmentBytes, options.MaxSpares, options.MinFreeBytes, options.ZeroedPerCall));
        Assert.NotEqual(options.DrawEpoch(), options.DrawEpoch());
    }

    [Fact]
    public void ASegmentHeader_OfAnotherVersionOrCutOff_IsNone()
    {
        byte[] pages = new byte[SegmentHeader.TableAt];
        new SegmentHeader(_key, 64 * 1024).Write(pages);
        Assert.True(SegmentHeader.TryRead(pages.AsSpan(0, 32), out _));
        Assert.False(SegmentHeader.TryRead(pages.AsSpan(0, 31), out _));
        BinaryPrimitives.WriteUInt32LittleEndian(pages.AsSpan(8), 2);
        BinaryPrimitives.WriteUInt32LittleEndian(pages.AsSpan(28), Checksum.Over(0, pages.AsSpan(0, 28)));
        Assert.False(SegmentHeader.TryRead(pages, out _));
    }

    [Fact]
    public void WhatWasWrittenThereBefore_IsNoPartOfAHeaderOrARecord()
    {
        byte[] pages = Enumerable.Repeat((byte)0xFF, SegmentHeader.TableAt).ToArray(), clean = new byte[SegmentHeader.TableAt];
        new SegmentHeader(_key, 64 * 1024).Write(pages);
        new SegmentHeader(_key, 64 * 1024).Write(clean);
        Assert.Equal(clean, pages);
        byte[] record = Enumerable.Repeat((byte)0xFF, 40).ToArray();
        RecordHeader.Write(record, _key, 8192, new RecordHeader(RecordKind.Start, 1, 3, 0), "abc"u8);
        Assert.Equal([(byte)'a', (byte)'b', (byte)'c', 0, 0, 0, 0, 0, 0xFF], record[24..33]);
    }

    [Fact]
    public void ATable_IsAWholeNumberOfSegments_InTheirOrder()
    {
        var table = new SegmentTable(default, 3, [new(new SegmentKey(4, 5), 1 << 30, true), new(new SegmentKey(6, 7), 8192, false)]);
        byte[] bytes = table.Encode();
        Assert.Equal(40 + 24 + 24, bytes.Length);
        Assert.Equal((1, 0), (bytes[40 + 16], bytes[64 + 16]));
        Assert.True(SegmentTable.TryDecode(bytes, out var read));
        Assert.Equal(table.Entries, read!.Entries);
        Assert.True(SegmentTable.TryDecode(new SegmentTable(default, 0, []).Encode(), out _));
        for (int length = 0; length < bytes.Length; length++) Assert.False(SegmentTable.TryDecode(bytes.AsSpan(0, length), out _));
        Assert.False(SegmentTable.TryDecode([.. bytes, 0], out _));
        Assert.False(SegmentTable.TryDecode([.. bytes, .. bytes[40..64]], out _));
        // Beyond the largest segment; no number; not after the one before.
        Assert.False(SegmentTable.TryDecode(Changed(bytes, 44, (1 << 30) + 1), out _));
        Assert.False(SegmentTable.TryDecode(Changed(bytes, 40, 0), out _));
        Assert.False(SegmentTable.TryDecode(Changed(bytes, 64, 4), out _));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void ARecordThatFrees_LooksLikeThis(bool punctures, byte flag)
    {
        byte[] bytes = new byte[FreedRecord.Size];
        new FreedRecord(0x01020304, punctures).Write(bytes);
        Assert.Equal([4, 3, 2, 1, flag, 0, 0, 0], bytes);
        Assert.Equal(new FreedRecord(0x01020304, punctures), FreedRecord.Read(bytes));
        Assert.Equal(default, FreedRecord.Read(bytes.AsSpan(0, 7)));
    }

    [Fact]
    public void KindsAreKnown_ThatTheFormatNames()
    {
        RecordKind[] known = [RecordKind.Commit, RecordKind.SectionTable, RecordKind.Freed, RecordKind.CheckpointPiece, RecordKind.CheckpointEnd, .. Callers];
        for (int kind = 0; kind <= byte.MaxValue; kind++)
        {
            Assert.Equal(known.Contains((RecordKind)kind), RecordKinds.IsKnown((RecordKind)kind));
            Assert.Equal(Callers.Contains((RecordKind)kind), ((RecordKind)kind).IsCallers());
            Assert.Equal(kind is >= 0x10 and < 0x20, ((RecordKind)kind).Grows());
        }
    }

    [Fact]
    public void PositionsAreInTheOrderOfTheLog()
    {
        RecordPosition[] positions = [default, new(0, 1), new(1, 0), new(1, 8), new(1, uint.MaxValue), new(2, 0), new(uint.MaxValue, 0)];
        for (int one = 0; one < positions.Length; one++)
        {
            Assert.Equal(positions[one], RecordPosition.Unpack(positions[one].Packed));
            for (int other = 0; other < positions.Length; other++)
            {
                var (left, right) = (positions[one], positions[other]);
                Assert.Equal(one < other, left < right);
                Assert.Equal(one > other, left > right);
                Assert.Equal(one <= other, left <= right);
                Assert.Equal(one >= other, left >= right);
                Assert.Equal(one.CompareTo(other), left.CompareTo(right));
            }
        }

        Assert.Equal("00000001:0000002a", new RecordPosition(1, 42).ToString());
        Assert.Equal("segment 00000001 offset 8192 length 24: Payload", new Damage(1, 8192, 24, DamageReason.Payload).ToString());
    }

    [Theory]
    [InlineData("segment-00000001", 1)]
    [InlineData("segment-ffffffff", uint.MaxValue)]
    [InlineData("segment-00000000", 0)]
    [InlineData("segment-1", 0)]
    [InlineData("segment-0000000A", 0)]
    [InlineData("segment-100000000", 0)]
    [InlineData("spare-00000001", 0)]
    [InlineData("lock", 0)]
    public void AName_IsTheWordAndEightDigits(string name, uint number)
    {
        Assert.Equal(number != 0, SpoolNames.TryParse(name, SpoolNames.Segment, out uint read));
        if (number != 0) Assert.Equal(number, read);
    }

    // Two complete checkpoints: reading on begins in segment 5 with the older one and in 8 with the newer.
    [Theory]
    [InlineData(4, true, true)]
    [InlineData(5, true, false)]
    [InlineData(7, true, false)]
    [InlineData(8, false, false)]
    [InlineData(9, false, false)]
    public void AFreedSegment_TakesTheCheckpointsWithItThatNeedIt(uint freed, bool newer, bool older)
    {
        var pair = new CheckpointPair(new(9, 0), new(8, 0), new(6, 0), new(5, 0)).Without(freed);
        Assert.Equal((newer, older), (pair.Newer != default, pair.Older != default));
        Assert.Equal((newer, older), (pair.NewerStart != default, pair.OlderStart != default));
    }

    [Theory]
    // What lies before both; what the older one needs; the oldest there is, in front of a hole or not.
    [InlineData(4, 2, 0, true)]
    [InlineData(5, 2, 0, false)]
    [InlineData(5, 5, 0, true)]
    [InlineData(5, 5, 4, true)]
    [InlineData(5, 5, 5, false)]
    [InlineData(5, 5, 6, false)]
    public void ASegmentMayBeFreed_ThatNoCheckpointNeeds(uint segment, uint oldest, uint hole, bool may) =>
        Assert.Equal(may, new CheckpointPair(new(9, 0), new(8, 0), new(6, 0), new(5, 0)).Allows(segment, oldest, hole));

    private static RecordKind[] Callers => [RecordKind.Content, RecordKind.Envelope, RecordKind.Result, RecordKind.Start];

    private static byte[] Changed(byte[] bytes, int at, uint value)
    {
        byte[] changed = [.. bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(at), value);
        return changed;
    }
}
