using Postern.TestKit;

namespace Postern.Spool.Tests.Segments;

/// <summary>A batch that was handed to the disk and is not durable yet, and what may happen meanwhile.</summary>
public sealed class SealTests
{
    [Fact]
    public void ASealedBatch_IsDurable_OnceItIsSettled()
    {
        var run = new LogDriver();
        run.Append("one");
        var pending = Seal(run);
        Assert.Empty(After(run).Payloads);
        pending.Wait();
        Assert.Equal(["one"], After(run).Payloads);
        var syncs = run.Disk.Syncs;
        pending.Wait();
        Assert.Equal(LogResult.Success, run.Log.Settle());
        Assert.Equal(LogResult.Success, run.Log.Settle());
        Assert.Equal(syncs, run.Disk.Syncs);
    }

    [Fact]
    public void WhoNeverWaits_WaitsInSettle()
    {
        var run = new LogDriver();
        run.Append("one");
        _ = Seal(run);
        Assert.Equal(LogResult.Success, run.Log.Settle());
        Assert.Equal(["one"], After(run).Payloads);
    }

    [Fact]
    public void WhatIsAppendedMeanwhile_IsReadable_AndOnTheDiskOnlyWhenTheOneBeforeIsDurable()
    {
        var run = new LogDriver();
        run.Append("one");
        _ = Seal(run);
        var writes = run.Disk.Writes;
        var two = run.Append("two");
        run.WriteOut();
        Assert.Equal(writes, run.Disk.Writes);
        Assert.Equal("two", run.Read(two));
        Assert.Equal(LogResult.Success, run.Log.Settle());
        run.WriteOut();
        Assert.Equal(writes + 1, run.Disk.Writes);
        run.Commit("three");
        Assert.Equal(["one", "two", "three"], After(run).Payloads);
    }

    [Fact]
    public void MoreThanMemoryHolds_WaitsForTheBatchBefore()
    {
        var run = new LogDriver(segmentBytes: 8 << 20);
        run.Append("one");
        _ = Seal(run);
        for (var number = 0; number < 5; number++)
        {
            run.Append(LogDriver.Long(number, 500_000));
        }

        Assert.Equal(["one"], After(run, 8 << 20).Payloads);
    }

    [Fact]
    public void TheNextSegment_WaitsForTheBatchBefore()
    {
        var run = new LogDriver();
        run.Commit(LogDriver.Long(0, 40_000));
        run.Append("one");
        _ = Seal(run);
        run.Append(LogDriver.Long(1, 40_000));
        Assert.Equal(2, run.Segments().Count);
        var left = After(run);
        Assert.Equal("one", left.Payloads.Last());
        Assert.DoesNotContain(left.Damages, damage => damage.Reason != DamageReason.TornTail);
    }

    [Fact]
    public void AFailedSync_IsFinal_AndNothingIsWrittenAfterIt()
    {
        var run = new LogDriver();
        run.Commit("zero");
        run.Append("one");
        var pending = Seal(run);
        run.Append("two");
        run.Disk.FailingSync = run.Disk.Syncs + 1;
        pending.Wait();
        var writes = run.Disk.Writes;
        Assert.Equal(LogResult.Failed, run.Log.Settle());
        Assert.Equal(LogResult.Failed, run.Log.Settle());
        Assert.Equal(LogResult.Failed, run.Log.Seal(out _));
        Assert.Equal(LogResult.Failed, run.Log.Append(RecordKind.Envelope, "three"u8, out _));
        Assert.Equal(writes, run.Disk.Writes);
        Assert.Contains("commit", run.Log.LastFailure, StringComparison.Ordinal);
        Assert.Equal(["zero"], After(run).Payloads);
    }

    [Fact]
    public void ASyncThatFailed_AndIsFoundByAWrite_IsFinal_Too()
    {
        var run = new LogDriver(segmentBytes: 8 << 20);
        run.Append("one");
        _ = Seal(run);
        run.Disk.FailingSync = run.Disk.Syncs + 1;
        var results = Enumerable.Range(0, 5).Select(_ => run.Log.Append(RecordKind.Content, new byte[500_000], out var _)).ToList();
        Assert.Equal(LogResult.Failed, results[^1]);
        Assert.Equal(LogResult.Failed, run.Log.Settle());
        Assert.Empty(After(run, 8 << 20).Payloads);
    }

    [Fact]
    public void OneBatchAtATime()
    {
        var run = new LogDriver();
        run.Append("one");
        _ = Seal(run);
        run.Append("two");
        Assert.Throws<InvalidOperationException>(() => run.Log.Seal(out _));
        run.Commit(); // It settles first.
        Assert.Equal(["one", "two"], After(run).Payloads);
    }

    [Fact]
    public void NothingAppended_NothingPending()
    {
        var run = new LogDriver();
        var syncs = run.Disk.Syncs;
        Assert.Equal(LogResult.Success, run.Log.Seal(out var pending));
        Assert.Null(pending);
        Assert.Equal(syncs, run.Disk.Syncs);
    }

    [Fact]
    public void ACheckpointBegunMeanwhile_BeginsWithTheBatchThatIsNotSettled()
    {
        var run = new LogDriver();
        run.Commit("zero");
        run.Append("one");
        var pending = Seal(run);
        run.Append("two");
        pending.Wait(); // Durable, but the caller does not know yet.
        run.Log.BeginCheckpoint();
        Assert.Equal(LogResult.Success, run.Log.Settle());
        Assert.Equal(LogResult.Success, run.Log.AppendCheckpoint("the piece"u8));
        Assert.Equal(LogResult.Success, run.Log.EndCheckpoint());
        run.Commit();
        var left = After(run);
        Assert.True(left.Summary.FromCheckpoint);
        Assert.Equal(["one", "two"], left.Payloads);
    }

    [Fact]
    public void ASectionWithPartOfTheBatchThatIsNotSettled_IsNotFreed()
    {
        var run = new LogDriver();
        run.Commit(LogDriver.Long(0, 30_000));
        run.Append("one");
        var first = run.Log.OldestSection;
        _ = Seal(run);
        run.Append(LogDriver.Long(1, 40_000)); // Begins the next section, and settles the batch as far as the disk is concerned.
        Assert.False(run.Log.CanFree(first));
        Assert.Equal(LogResult.Success, run.Log.Settle());
        Assert.True(run.Log.CanFree(first));
    }

    [Fact]
    public void WhatIsFreedMeanwhile_GoesWithItsOwnBatch()
    {
        var run = new LogDriver();
        run.Commit(LogDriver.Long(0, 40_000));
        run.Commit(LogDriver.Long(1, 40_000));
        var first = run.Log.OldestSection;
        run.Append("one");
        _ = Seal(run);
        Assert.Equal(LogResult.Success, run.Log.Free(first));
        Assert.Equal(LogResult.Success, run.Log.Settle());
        Assert.Equal(2, run.Segments().Count);
        Assert.Equal(LogResult.Success, run.Log.Seal(out var pending));
        Assert.Null(pending); // It was waited for.
        Assert.Single(run.Segments());
    }

    private static IPendingCommit Seal(LogDriver run)
    {
        Assert.Equal(LogResult.Success, run.Log.Seal(out var pending));
        return Assert.IsType<IPendingCommit>(pending, exactMatch: false);
    }

    /// <summary>What recovery finds when the power fails now and nothing that was not synced survives.</summary>
    private static Recorded After(LogDriver run, int segmentBytes = LogDriver.SmallSegment) =>
        new LogDriver(run.Disk.Crash(() => false), segmentBytes).Seen;
}
