using Postern.TestKit;

namespace Postern.Spool.Tests.Segments;

public sealed class SegmentLogTests
{
    [Fact]
    public void WhatWasCommitted_IsThereAfterARestart()
    {
        var run = new LogDriver();
        Assert.Empty(run.Seen.Records);
        var one = run.Append("one");
        var content = run.Append("some content", RecordKind.Content);
        run.Commit();
        run.Commit("two", "three");
        Assert.Equal("one", run.Read(one));

        var next = run.Restart();
        Assert.Equal(["one", "content 12", "two", "three"], next.Seen.Payloads);
        Assert.Equal((RecordKind.Envelope, one, "one"), next.Seen.Records[0]);
        Assert.Empty(next.Seen.Damages);
        Assert.Equal("some content", next.Read(content));
        next.Commit("four");
        Assert.Equal(["one", "content 12", "two", "three", "four"], next.Restart().Seen.Payloads);
    }

    [Fact]
    public void AnOpenBatch_IsNotThereAfterARestart_WrittenOutOrNot()
    {
        var run = new LogDriver();
        run.Commit("one");
        run.Append("two");
        run.WriteOut();
        run.Append("three");
        var next = run.Restart();
        Assert.Equal(["one"], next.Seen.Payloads);
        Assert.Equal(DamageReason.TornTail, Assert.Single(next.Seen.Damages).Reason);
        // What was dropped stays dropped.
        next.Commit("four");
        var third = next.Restart();
        Assert.Equal(["one", "four"], third.Seen.Payloads);
        Assert.Empty(third.Seen.Damages);
    }

    [Fact]
    public void ABatch_IsOneWriteAndOneSync()
    {
        var run = new LogDriver();
        var (writes, syncs) = (run.Disk.Writes, run.Disk.Syncs);
        run.Commit("one", "two", "three");
        Assert.Equal((writes + 1, syncs + 1), (run.Disk.Writes, run.Disk.Syncs));
        // Nothing appended, nothing written.
        run.Commit();
        Assert.Equal((writes + 1, syncs + 1), (run.Disk.Writes, run.Disk.Syncs));
    }

    [Fact]
    public void APageWithSomethingCommitted_IsNeverWrittenAgain()
    {
        var run = new LogDriver();
        run.Commit("one");
        byte[] before = run.Disk["segment-00000001"];
        run.Commit("two");
        byte[] after = run.Disk["segment-00000001"];
        int pages = (Array.FindLastIndex(before, value => value != 0) / 4096) + 1;
        Assert.Equal(before[..(pages * 4096)], after[..(pages * 4096)]);
        Assert.NotEqual(before, after);
    }

    [Fact]
    public void Records_OfEveryLength_ComeBack()
    {
        var run = new LogDriver(segmentBytes: 4 << 20);
        int[] lengths = [0, 1, 7, 8, 9, 4055, 4056, 4057, 65536, IRecordLog.MaxPayload - 1, IRecordLog.MaxPayload];
        var positions = lengths.Select(length => run.Append(LogDriver.Long(length, length)[..length])).ToArray();
        run.Commit();
        Assert.All(positions.Zip(lengths), pair => Assert.Equal(pair.Second, run.Read(pair.First).Length));
        var next = new LogDriver(run.Disk.Kill(), 4 << 20);
        Assert.Equal(lengths, next.Seen.Payloads.Select(payload => payload.Length));
        Assert.All(positions.Zip(lengths), pair => Assert.Equal(LogDriver.Long(pair.Second, pair.Second)[..pair.Second], next.Read(pair.First)));
        Assert.Throws<ArgumentOutOfRangeException>(() => run.Log.Append(RecordKind.Content, new byte[IRecordLog.MaxPayload + 1], out _));
    }

    [Fact]
    public void ALongLog_GoesThroughManySegments()
    {
        var run = new LogDriver();
        var positions = new List<RecordPosition>();
        for (int number = 0; number < 200; number++)
        {
            positions.Add(run.Append(LogDriver.Long(number, 3000)));
            if (number % 3 == 2) run.Commit();
        }
        run.Commit();
        Assert.True(run.Segments().Count > 8);
        var next = run.Restart();
        Assert.Equal(Enumerable.Range(0, 200).Select(number => LogDriver.Long(number, 3000)), next.Seen.Payloads);
        Assert.Empty(next.Seen.Damages);
        Assert.Equal(LogDriver.Long(7, 3000), next.Read(positions[7]));
    }

    [Fact]
    public void WhatWasAppendedAMomentAgo_IsReadWithoutTheDisk()
    {
        var run = new LogDriver();
        var open = run.Append("of the open batch");
        var reads = run.Disk.Reads;
        Assert.Equal("of the open batch", run.Read(open));
        run.WriteOut();
        Assert.Equal("of the open batch", run.Read(open));
        run.Commit("the next");
        Assert.Equal("of the open batch", run.Read(open));
        Assert.Equal(reads, run.Disk.Reads);
    }

    [Theory]
    // Smaller and larger than what is kept in memory; batches of one record and of many.
    [InlineData(64 * 1024, 3000, 1)]
    [InlineData(4 * 1024 * 1024, 3000, 7)]
    [InlineData(4 * 1024 * 1024, 60_000, 1)]
    [InlineData(4 * 1024 * 1024, 60_000, 40)]
    [InlineData(4 * 1024 * 1024, 700_000, 3)]
    public void Everything_IsReadBackAtAnyTime_FromMemoryOrFromTheDisk(int segment, int length, int perBatch)
    {
        var run = new LogDriver(segmentBytes: segment);
        var positions = new List<RecordPosition>();
        for (var number = 0; number < 12_000_000 / length && number < 250; number++)
        {
            positions.Add(run.Append(LogDriver.Long(number, length + (number % 3))));
            // The newest, one of late, and an old one: before and after they are committed.
            foreach (var back in new[] { 0, 5, number / 2 })
            {
                var one = Math.Max(0, number - back);
                Assert.Equal(LogDriver.Long(one, length + (one % 3)), run.Read(positions[one]));
            }

            if (number % perBatch == 0) run.Commit();
        }

        Assert.True(run.Disk.Reads > 0);
    }

    [Fact]
    public void Reading_TellsWhatIsNotThere()
    {
        var run = new LogDriver();
        var here = run.Append("0123456789");
        byte[] destination = new byte[100];
        Assert.Equal(ReadResult.Success, run.Log.Read(here, destination, out var kind, out int length));
        Assert.Equal((RecordKind.Envelope, 10), (kind, length));
        Assert.Equal(ReadResult.TooLong, run.Log.Read(here, destination.AsSpan(0, 9), out _, out length));
        Assert.Equal(10, length);
        run.Commit();
        Assert.Equal(ReadResult.NotThere, run.Log.Read(here with { Place = here.Offset + 8 }, destination, out _, out _));
        Assert.Equal(ReadResult.NotThere, run.Log.Read(here with { Section = 9 }, destination, out _, out _));
        Assert.Equal(ReadResult.NotThere, run.Log.Read(here with { Place = uint.MaxValue }, destination, out _, out _));
        // The log's own records are not the caller's business.
        Assert.Equal(ReadResult.NotThere, run.Log.Read(here with { Place = 8192 }, destination, out _, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => run.Log.Append(RecordKind.Commit, [], out _));
    }

    [Fact]
    public void ASecondProgram_IsRefused()
    {
        var run = new LogDriver();
        using var second = new SegmentLog(run.Disk, LogDriver.Options());
        Assert.Equal(LogResult.Failed, second.Recover(new Recorded(), out _));
        Assert.Contains("lock", second.LastFailure, StringComparison.Ordinal);
        Assert.Equal(LogResult.Failed, second.Commit());
    }

    [Fact]
    public void StartsThatWriteNothing_CostNoSegment()
    {
        var run = new LogDriver();
        run.Commit("one");
        int files = run.Restart().Disk.Names.Count();
        var next = run;
        for (int start = 0; start < 20; start++) next = next.Restart();
        Assert.Equal(["one"], next.Seen.Payloads);
        Assert.Equal(files, next.Disk.Names.Count());
    }
}
