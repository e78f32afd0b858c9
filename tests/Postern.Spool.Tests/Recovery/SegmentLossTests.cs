using Postern.TestKit;

namespace Postern.Spool.Tests.Recovery;

/// <summary>Segments that are missing, old, exchanged or headless.</summary>
public sealed class SegmentLossTests
{
    private readonly LogDriver _run = new();
    private readonly List<string> _payloads = [];

    public SegmentLossTests()
    {
        for (int number = 0; number < 60; number++)
        {
            _payloads.Add(LogDriver.Long(number, 3000));
            _run.Commit(_payloads[^1]);
        }
        Assert.Equal(5, _run.Segments().Count);
    }

    [Fact]
    public void AMissingSegment_IsNamedOnce_AndTheOthersAreThere()
    {
        var disk = _run.Disk.Kill();
        disk.Lose("segment-00000003");
        var next = new LogDriver(disk);
        Assert.Equal(Without(3), next.Seen.Payloads);
        Assert.Equal([new Damage(3, 0, 0, DamageReason.MissingSegment)], next.Seen.Damages);
        next.Commit("more");
        Assert.Empty(next.Restart().Seen.Damages);
    }

    [Fact]
    public void DamageInABatchOfTwoSegments_CostsNoLaterBatch()
    {
        var run = new LogDriver();
        string[] first = [.. Enumerable.Range(0, 30).Select(number => LogDriver.Long(number, 3000))];
        run.Commit(first);
        Assert.Equal(2, run.Segments().Count);
        run.Commit("the next");
        run.Commit("the last");
        var disk = run.Disk.Kill();
        byte[] content = disk["segment-00000001"];
        content[content.AsSpan().IndexOf("3ddd"u8)] ^= 1;
        disk["segment-00000001"] = content;
        var seen = new LogDriver(disk).Seen;
        Assert.Equal([.. first.Where((_, number) => number != 3), "the next", "the last"], seen.Payloads);
        Assert.Equal(DamageReason.Payload, Assert.Single(seen.Damages).Reason);
    }

    [Fact]
    public void ABatchWhoseFirstSegmentWasFreed_IsNoDamage()
    {
        var run = new LogDriver();
        run.Commit([.. Enumerable.Range(0, 30).Select(number => LogDriver.Long(number, 3000))]);
        run.Commit("the next");
        Assert.Equal(LogResult.Success, run.Log.Free(1));
        run.Commit();
        var seen = run.Restart().Seen;
        Assert.Empty(seen.Damages);
        Assert.Equal("the next", seen.Payloads.Last());
    }

    [Fact]
    public void AFreedSegmentThatStillHasItsName_IsNotRead()
    {
        // The crash takes back the new name of the older one only: a result that stood in the younger one is gone.
        byte[] older = _run.Disk["segment-00000001"];
        string[] kept = [.. _payloads.Where((_, number) => Holder(_run, number) > 2)];
        Assert.Equal(LogResult.Success, _run.Log.Free(1));
        Assert.Equal(LogResult.Success, _run.Log.Free(2));
        _run.Commit();
        var left = _run.Disk.Kill();
        left["segment-00000001"] = older;
        var seen = new LogDriver(left).Seen;
        Assert.Equal(kept, seen.Payloads);
        Assert.Empty(seen.Damages);
    }

    [Fact]
    public void AnOldCopyOfASegment_IsFoundTooShort()
    {
        var run = new LogDriver();
        run.Commit(LogDriver.Long(0, 3000), LogDriver.Long(1, 3000));
        byte[] copy = run.Disk["segment-00000001"];
        for (int number = 2; number < 30; number++) run.Commit(LogDriver.Long(number, 3000));
        var disk = run.Disk.Kill();
        disk["segment-00000001"] = copy;
        var next = new LogDriver(disk);
        Assert.Equal(
            Enumerable.Range(0, 30).Where(number => number < 2 || Holder(run, number) != 1).Select(number => LogDriver.Long(number, 3000)),
            next.Seen.Payloads);
        Assert.Equal(DamageReason.Header, Assert.Single(next.Seen.Damages).Reason);
        Assert.True(next.Segments()[0].IsDamaged);
    }

    [Fact]
    public void ASegmentOfAnotherLog_IsSetAside()
    {
        var other = new LogDriver();
        other.Commit("not yours");
        var disk = _run.Disk.Kill();
        disk["segment-00000001"] = other.Disk["segment-00000001"];
        var next = new LogDriver(disk);
        Assert.Equal(Without(1), next.Seen.Payloads);
        Assert.Equal([new Damage(1, 0, 0, DamageReason.ForeignSegment)], next.Seen.Damages);
        Assert.Contains("damaged-00000001", next.Disk.Names);
        Assert.DoesNotContain("segment-00000001", next.Disk.Names);
        Assert.Empty(next.Restart().Seen.Damages);
    }

    [Fact]
    public void ACopyUnderAnotherNumber_IsSetAside_AndItsNumberNotUsed()
    {
        var disk = _run.Disk.Kill();
        disk["segment-00000009"] = disk["segment-00000002"];
        var next = new LogDriver(disk);
        Assert.Equal(_payloads, next.Seen.Payloads);
        Assert.Equal([new Damage(9, 0, 0, DamageReason.SegmentHeader)], next.Seen.Damages);
        next.Commit("more");
        Assert.Equal(10u, next.Segments()[^1].Number);
        Assert.Contains("damaged-00000009", next.Disk.Names);
    }

    // What somebody left there must not take up the numbers that there are: the log would be full for ever.
    [Theory]
    [InlineData("damaged-ffffffff")]
    [InlineData("damaged-fffffffe")]
    [InlineData("damaged-FFFFFFFF")]
    [InlineData("segment-ffffffff")]
    [InlineData("segment-FFFFFFFF")]
    [InlineData("spare-ffffffff")]
    [InlineData("spare-FFFFFFFF")]
    public void AFileWithTheLastNumber_LeavesTheLogItsNumbers(string name)
    {
        var disk = _run.Disk.Kill();
        disk[name] = [1];
        for (int starts = 0; starts < 3; starts++)
        {
            var next = new LogDriver(disk);
            next.Commit([.. Enumerable.Range(0, 60).Select(number => LogDriver.Long(number, 3000))]);
            Assert.InRange(next.Segments()[^1].Number, 6u, 30u);
            disk = next.Disk.Kill();
        }
    }

    // As when an administrator copies it back under its old name, to have it read again.
    [Fact]
    public void ASegmentWhoseNameAmongThoseSetAsideIsTaken_GetsAnother_AndTheLogIsStarted()
    {
        var disk = WithOneThatCameBack(out var lost);
        disk["damaged-00000003"] = [1];
        var third = new LogDriver(disk);
        Assert.Equal([.. Without(3), "more"], third.Seen.Payloads);
        Assert.Equal(new byte[] { 1 }, third.Disk["damaged-00000003"]);
        string aside = Assert.Single(third.Disk.Names, name => name.StartsWith("damaged-", StringComparison.Ordinal) && name != "damaged-00000003");
        Assert.Equal(lost, third.Disk[aside]);
        third.Commit("again");
        Assert.Empty(third.Restart().Seen.Damages);
    }

    [Fact]
    public void ASegmentThatComesBackAfterItsLoss_IsSetAside()
    {
        var disk = WithOneThatCameBack(out var lost);
        var third = new LogDriver(disk);
        Assert.Equal([.. Without(3), "more"], third.Seen.Payloads);
        Assert.Equal([new Damage(3, 0, 0, DamageReason.ForeignSegment)], third.Seen.Damages);
        Assert.Equal(lost, third.Disk["damaged-00000003"]);
    }

    [Theory]
    // One copy of the header is enough; without both, the list of a later segment still knows the epoch.
    [InlineData(2, 0, 4096, false)]
    [InlineData(2, 4096, 4096, false)]
    [InlineData(2, 0, 8192, true)]
    [InlineData(5, 0, 4096, false)]
    public void ALostHeader_CostsNothing(uint number, int at, int length, bool named)
    {
        var disk = _run.Disk.Kill();
        Wipe(disk, number, at, length);
        var next = new LogDriver(disk);
        Assert.Equal(_payloads, next.Seen.Payloads);
        Assert.Equal(named ? [new Damage(number, 0, 8192, DamageReason.SegmentHeader)] : [], next.Seen.Damages);
    }

    [Fact]
    public void TheNewestSegmentWithoutHeader_IsSetAsideAndNamed()
    {
        var disk = _run.Disk.Kill();
        Wipe(disk, 5, 0, 8192);
        var next = new LogDriver(disk);
        Assert.Equal(Without(5), next.Seen.Payloads);
        Assert.Equal([new Damage(5, 0, 0, DamageReason.SegmentHeader)], next.Seen.Damages);
        Assert.Contains("damaged-00000005", next.Disk.Names);
        next.Commit("more");
        Assert.Equal([.. Without(5), "more"], next.Restart().Seen.Payloads);
    }

    [Fact]
    public void ALostListOfSegments_IsReplacedByTheOneBefore()
    {
        var disk = _run.Disk.Kill();
        Wipe(disk, 5, 8192, 64);
        disk.Lose("segment-00000002");
        var next = new LogDriver(disk);
        Assert.Equal(Without(2), next.Seen.Payloads);
        Assert.Contains(new Damage(2, 0, 0, DamageReason.MissingSegment), next.Seen.Damages);
        Assert.Contains(next.Seen.Damages, damage => damage is { Segment: 5, Offset: 8192, Reason: DamageReason.Header });
    }

    [Fact]
    public void ADamagedSegment_IsKeptAsideWhenItIsFreed()
    {
        var disk = _run.Disk.Kill();
        Wipe(disk, 1, 18_000, 8);
        var next = new LogDriver(disk);
        Assert.Single(next.Seen.Damages);
        byte[] before = next.Disk["segment-00000001"];
        Assert.Equal(LogResult.Success, next.Log.Free(1));
        next.Commit();
        Assert.Equal(before, next.Disk["damaged-00000001"]);
        Assert.Equal(2u, next.Log.OldestSection);
        Assert.Empty(next.Restart().Seen.Damages);
    }

    [Fact]
    public void ABatchAcrossTwoSegments_IsDroppedWholeWhenItIsTheLast()
    {
        var run = new LogDriver();
        run.Commit("first");
        for (int number = 0; number < 20; number++) run.Append(LogDriver.Long(number, 4000));
        run.Commit();
        Assert.Equal(2, run.Segments().Count);
        var disk = run.Disk.Kill();
        Wipe(disk, 1, 30_000, 8);
        var next = new LogDriver(disk);
        Assert.Equal(["first"], next.Seen.Payloads);
        Assert.Equal(DamageReason.IncompleteBatch, Assert.Single(next.Seen.Damages).Reason);
        next.Commit("second");
        var third = next.Restart();
        Assert.Equal(["first", "second"], third.Seen.Payloads);
        Assert.Empty(third.Seen.Damages);
    }

    [Fact]
    public void NumbersEndWithoutTurningRound()
    {
        var run = new LogDriver();
        run.Commit("one");
        byte[] content = run.Disk["segment-00000001"];
        var key = new SegmentKey(uint.MaxValue - 1, 99);
        // The list and the header say who they are; the records behind them are another segment's.
        new SegmentHeader(key, (uint)content.Length).Write(content);
        byte[] table = new SegmentTable(default, 0, []).Encode();
        RecordHeader.Write(content.AsSpan(8192), key, 8192, new RecordHeader(RecordKind.SectionTable, 1, table.Length, 0), table);
        var disk = new SimulatedDisk { ["segment-fffffffe"] = content };
        var next = new LogDriver(disk);
        // Nothing of it counted, so it was used again; its successor is the last that there can be.
        next.Commit("two");
        Assert.Equal(uint.MaxValue, next.Segments()[^1].Number);
        LogResult result;
        int appended = 0;
        while ((result = next.Log.Append(RecordKind.Result, new byte[3000], out _)) == LogResult.Success) appended++;
        Assert.Equal(LogResult.Full, result);
        Assert.True(appended > 10);
        next.Commit();
    }

    private IEnumerable<string> Without(uint segment) => _payloads.Where((_, number) => Holder(_run, number) != segment);

    private static uint Holder(LogDriver run, int number)
    {
        string start = $"{number} ".PadRight(8)[..2];
        foreach (var record in run.Restart().Seen.Records)
            if (record.Payload == LogDriver.Long(number, 3000)) return record.Position.Segment;
        throw new InvalidOperationException(start);
    }

    private static void Wipe(SimulatedDisk disk, uint segment, int at, int length)
    {
        string name = $"segment-{segment:x8}";
        byte[] content = disk[name];
        content.AsSpan(at, length).Clear();
        disk[name] = content;
    }

    /// <summary>The third segment was lost, a run went on without it, and it lies there again.</summary>
    private SimulatedDisk WithOneThatCameBack(out byte[] lost)
    {
        lost = _run.Disk["segment-00000003"];
        var disk = _run.Disk.Kill();
        disk.Lose("segment-00000003");
        var next = new LogDriver(disk);
        next.Commit("more");
        disk = next.Disk.Kill();
        disk["segment-00000003"] = lost;
        return disk;
    }
}
