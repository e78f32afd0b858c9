using Postern.TestKit;

namespace Postern.Spool.Tests.Segments;

public sealed class CheckpointTests
{
    [Fact]
    public void Recovery_BeginsAtTheLastCompleteCheckpoint()
    {
        var run = new LogDriver();
        run.Commit("before");
        run.Append("in the batch");
        Checkpoint(run, "piece 1", "piece 2");
        run.Commit("after");
        run.Log.BeginCheckpoint();
        Assert.Equal(LogResult.Success, run.Log.AppendCheckpoint("unfinished"u8));
        run.Commit();
        var next = run.Restart();
        Assert.Equal(["piece 1", "piece 2"], next.Seen.Pieces);
        Assert.Equal(["in the batch", "after"], next.Seen.Payloads);
        Assert.True(next.Seen.Summary.FromCheckpoint);
        // A checkpoint outlives restarts.
        next.Commit("later");
        var third = next.Restart();
        Assert.Equal(["piece 1", "piece 2"], third.Seen.Pieces);
        Assert.Equal(["in the batch", "after", "later"], third.Seen.Payloads);
    }

    // Its pieces tell of messages whose ends stand there: without them finished mail would come back.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ASegmentThatTheCheckpointUnderWayNeeds_IsNotFreed(bool ended)
    {
        var run = new LogDriver();
        run.Commit("one");
        run.Log.BeginCheckpoint();
        Assert.Equal(LogResult.Success, run.Log.AppendCheckpoint("piece"u8));
        uint first = run.Segments()[0].Number;
        for (int number = 0; run.Segments().Count < 2; number++) run.Commit(LogDriver.Long(number, 3000));
        run.Commit("two");
        if (ended) Assert.Equal(LogResult.Success, run.Log.EndCheckpoint());
        Assert.False(run.Log.CanFree(first));
        if (!ended) Assert.Equal(LogResult.Success, run.Log.EndCheckpoint());
        run.Commit();
        Assert.True(run.Log.CanFree(first));
        Assert.Equal(LogResult.Success, run.Log.Free(first));
        run.Commit();
        var next = run.Restart();
        Assert.Empty(next.Seen.Damages);
        Assert.False(next.Seen.Summary.FromCheckpoint);
        Assert.Equal("two", next.Seen.Payloads.Last());
    }

    [Fact]
    public void AnEndThatIsNotCommitted_DoesNotCount()
    {
        var run = new LogDriver();
        run.Commit("one");
        run.Log.BeginCheckpoint();
        Assert.Equal(LogResult.Success, run.Log.AppendCheckpoint("piece"u8));
        Assert.Equal(LogResult.Success, run.Log.EndCheckpoint());
        run.WriteOut();
        var next = run.Restart();
        Assert.Empty(next.Seen.Pieces);
        Assert.Equal(["one"], next.Seen.Payloads);
        Assert.Throws<InvalidOperationException>(() => next.Log.EndCheckpoint());
        Assert.Throws<InvalidOperationException>(() => next.Log.AppendCheckpoint([]));
    }

    [Fact]
    public void ACheckpointOverManyBatchesAndSegments_IsReadInOrder()
    {
        var run = new LogDriver();
        run.Log.BeginCheckpoint();
        for (int piece = 0; piece < 100; piece++)
        {
            Assert.Equal(LogResult.Success, run.Log.AppendCheckpoint(System.Text.Encoding.Latin1.GetBytes(LogDriver.Long(piece, 2000))));
            if (piece % 4 == 0) run.Commit($"between {piece}");
        }
        Assert.Equal(LogResult.Success, run.Log.EndCheckpoint());
        run.Commit();
        var next = run.Restart();
        Assert.Equal(Enumerable.Range(0, 100).Select(piece => LogDriver.Long(piece, 2000)), next.Seen.Pieces);
        Assert.Equal(25, next.Seen.Records.Count);
    }

    [Fact]
    public void TheMeasureForTheNextOne_CountsWhatRecoveryWouldRead()
    {
        var run = new LogDriver();
        for (int number = 0; number < 50; number++) run.Commit(LogDriver.Long(number, 3000));
        Assert.True(run.Log.BytesSinceCheckpoint > 150_000);
        Checkpoint(run, "piece");
        Assert.InRange(run.Log.BytesSinceCheckpoint, 1, 1000);
        run.Commit(LogDriver.Long(1, 3000));
        Assert.InRange(run.Log.BytesSinceCheckpoint, 3000, 5000);
        // A restart counts whole pages.
        Assert.InRange(run.Restart().Log.BytesSinceCheckpoint, 3000, 20_000);
    }

    [Fact]
    public void AnUnreadableCheckpoint_IsReplacedByTheOneBefore_AndThenByTheWholeLog()
    {
        var run = new LogDriver();
        run.Commit("one");
        Checkpoint(run, "first");
        run.Commit("two");
        Checkpoint(run, "second");
        run.Commit("three");
        var disk = run.Disk.Kill();
        Spoil(disk, "second");
        var next = new LogDriver(disk);
        Assert.Equal(["first"], next.Seen.Pieces);
        Assert.Equal(["two", "three"], next.Seen.Payloads);
        Assert.Contains(next.Seen.Damages, damage => damage.Reason == DamageReason.Checkpoint);
        Assert.False(next.Seen.Summary.ResultsMayBeMissing);

        Spoil(disk, "first");
        next = new LogDriver(disk.Kill());
        Assert.Empty(next.Seen.Pieces);
        Assert.Equal(["one", "two", "three"], next.Seen.Payloads);
        Assert.False(next.Seen.Summary.FromCheckpoint);
        Assert.False(next.Seen.Summary.ResultsMayBeMissing);
    }

    [Fact]
    public void ASegmentInTheMiddle_MayGoOnceTwoCheckpointsLieBehindIt()
    {
        var run = new LogDriver();
        for (int number = 0; number < 60; number++) run.Commit(LogDriver.Long(number, 3000));
        Assert.Equal([true, false, false, false, false], run.Segments().Select(segment => run.Log.CanFree(segment.Number)));
        Assert.Throws<InvalidOperationException>(() => run.Log.Free(2));
        Checkpoint(run, "first");
        Assert.False(run.Log.CanFree(2));
        run.Commit("between");
        Checkpoint(run, "second");
        Assert.True(run.Log.CanFree(2));
        Assert.False(run.Log.CanFree(run.Segments()[^1].Number));
        Assert.Equal(LogResult.Success, run.Log.Free(2));
        Assert.False(run.Log.CanFree(2));
        run.Commit();
        Assert.Equal([1u, 3u, 4u, 5u, 6u], run.Segments().Select(segment => segment.Number));

        // From a checkpoint nobody misses it; without one the log says what that means.
        var next = run.Restart();
        Assert.Equal(["second"], next.Seen.Pieces);
        Assert.Empty(next.Seen.Damages);
        Assert.False(next.Seen.Summary.ResultsMayBeMissing);
        next.Commit("more");
        var disk = next.Disk.Kill();
        Spoil(disk, "first");
        Spoil(disk, "second");
        var third = new LogDriver(disk);
        Assert.True(third.Seen.Summary.ResultsMayBeMissing);
        Assert.Contains("more", third.Seen.Payloads);
    }

    [Fact]
    public void AnOpenBatch_KeepsItsSegments()
    {
        var run = new LogDriver();
        for (int number = 0; number < 30; number++) run.Append(LogDriver.Long(number, 3000));
        Assert.True(run.Segments().Count > 1);
        Assert.False(run.Log.CanFree(1));
        run.Commit();
        Assert.True(run.Log.CanFree(1));
    }

    [Fact]
    public void FreeingIsDoneAgain_WhenACrashCutItOff()
    {
        var run = new LogDriver();
        for (int number = 0; number < 40; number++) run.Commit(LogDriver.Long(number, 3000));
        byte[] first = run.Disk["segment-00000001"];
        Assert.Equal(LogResult.Success, run.Log.Free(1));
        run.Commit();
        // The record is durable, the new name is not.
        var disk = run.Disk.Crash(() => false);
        Assert.Equal(first, disk["segment-00000001"]);
        var next = new LogDriver(disk);
        Assert.Empty(next.Seen.Damages);
        Assert.Equal(2u, next.Log.OldestSection);
        Assert.DoesNotContain("segment-00000001", next.Disk.Names);
    }

    // The new segment's list was made before the commit, so it still names what the batch frees.
    [Fact]
    public void ABatchThatFreesAndGoesOnInANewSegment_IsUnderstoodByTheNextStart()
    {
        var run = new LogDriver();
        for (int number = 0; number < 40; number++) run.Commit(LogDriver.Long(number, 3000));
        run.Log.BeginCheckpoint();
        Assert.Equal(LogResult.Success, run.Log.AppendCheckpoint("piece"u8));
        int before = run.Segments().Count;
        Assert.Equal(LogResult.Success, run.Log.Free(1));
        Assert.Equal(LogResult.Success, run.Log.EndCheckpoint());
        while (run.Segments().Count == before) run.Append(LogDriver.Long(99, 3000));
        run.Commit();
        Assert.DoesNotContain("segment-00000001", run.Disk.Names);
        var next = run.Restart();
        Assert.Empty(next.Seen.Damages);
        Assert.Equal(["piece"], next.Seen.Pieces);
    }

    private static void Checkpoint(LogDriver run, params string[] pieces)
    {
        run.Log.BeginCheckpoint();
        foreach (string piece in pieces)
        {
            Assert.Equal(LogResult.Success, run.Log.AppendCheckpoint(System.Text.Encoding.Latin1.GetBytes(piece)));
            run.Commit();
        }
        Assert.Equal(LogResult.Success, run.Log.EndCheckpoint());
        run.Commit();
    }

    private static void Spoil(SimulatedDisk disk, string text)
    {
        foreach (string name in disk.Names.Where(name => name.StartsWith("segment", StringComparison.Ordinal)).ToArray())
        {
            byte[] content = disk[name];
            int at = content.AsSpan().IndexOf(System.Text.Encoding.Latin1.GetBytes(text));
            if (at < 0) continue;
            content[at] ^= 1;
            disk[name] = content;
        }
    }
}
