using Postern.TestKit;

namespace Postern.Spool.Tests.Segments;

/// <summary>A disk that is full.</summary>
public sealed class RoomTests
{
    [Theory]
    // Killed at every sync of the very first start.
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void AFirstStartThatIsKilled_IsFollowedByOneThatWorks(int sync)
    {
        var disk = new SimulatedDisk { DeadlySync = sync };
        try
        {
            new LogDriver(disk).Commit("never");
        }
        catch (SimulatedDisk.SimulatedDeathException)
        {
            // As planned.
        }

        foreach (var left in new[] { disk.Kill(), disk.Crash(() => true), disk.Crash(() => false) })
        {
            new LogDriver(left).Commit("at last");
        }
    }

    [Fact]
    public void AFileInTheWayOfASpare_IsPassedBy()
    {
        var disk = new SimulatedDisk { ["spare-00000000"] = new byte[LogDriver.SmallSegment] };
        var run = new LogDriver(disk);
        run.Commit("one");
        Assert.Contains("spare-00000000", disk.Names);
        Assert.Equal(["one"], run.Restart().Seen.Payloads);
    }

    [Fact]
    public void OnAFullDisk_MailIsRefusedFirst_AndResultsStillGoIn()
    {
        var run = new LogDriver(new SimulatedDisk { Capacity = 3 * LogDriver.SmallSegment });
        int mails = Fill(run.Log, RecordKind.Envelope);
        Assert.True(run.Log.IsFull);
        Assert.Equal(LogResult.Full, run.Log.Prepare());
        Assert.Equal(LogResult.Full, run.Log.Append(RecordKind.Content, new byte[1000], out _));
        // Checkpoints may take half of the reserve, results all of it.
        run.Log.BeginCheckpoint();
        int pieces = 0;
        while (run.Log.AppendCheckpoint(new byte[1000]) == LogResult.Success) pieces++;
        Assert.InRange(pieces, 15, 45);
        int results = Fill(run.Log, RecordKind.Result);
        Assert.InRange(results, 15, 45);
        run.Commit();
        Assert.Equal(LogResult.Full, run.Log.Append(RecordKind.Result, new byte[1000], out _));

        // Nothing of it harmed what is there, and a restart needs no room.
        var next = new LogDriver(run.Disk.Kill(), expected: LogResult.Full);
        Assert.Equal(mails + results, next.Seen.Records.Count);
        Assert.Empty(next.Seen.Damages);
        Assert.Equal(LogResult.Full, next.Log.Append(RecordKind.Result, [], out _));
        Assert.Equal(LogResult.Success, next.Log.Commit());
        Assert.Equal(1000, next.Read(next.Seen.Records[0].Position).Length);

        // Room comes back, and so does the service, by itself.
        next.Disk.Capacity = long.MaxValue;
        Assert.Equal(LogResult.Success, next.Log.Prepare());
        Assert.False(next.Log.IsFull);
        next.Commit("again");
        Assert.Equal(mails + results + 1, next.Restart().Seen.Records.Count);
    }

    // Whoever asks first whether his copies fit is told what really fits, but for the ends of segments.
    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(7, 0)]
    [InlineData(7, 100)]
    [InlineData(7, 200)]
    public void TheRoomForCopies_IsWhatACheckpointMayTake(int segments, int before)
    {
        var run = new LogDriver(new SimulatedDisk { Capacity = segments * LogDriver.SmallSegment });
        for (int mail = 0; mail < before; mail++) _ = run.Log.Append(RecordKind.Envelope, new byte[1000], out _);
        long told = run.Log.RoomForCopies;
        run.Log.BeginCheckpoint();
        long taken = 0;
        while (run.Log.AppendCheckpoint(new byte[1000]) == LogResult.Success) taken += 1024;
        Assert.InRange(taken, told - (segments * 1024), told);
        Assert.InRange(run.Log.RoomForCopies, long.MinValue, 1023);

        // Commits have their own room: a page each.
        run.Commit();
        run.Disk.Capacity += 4 * LogDriver.SmallSegment;
        Assert.Equal(LogResult.Success, run.Log.Prepare());
        Assert.InRange(run.Log.RoomForCopies, 2 * LogDriver.SmallSegment, 5 * LogDriver.SmallSegment);
    }

    [Fact]
    public void OnAFullDisk_FreedSegmentsMakeRoom()
    {
        var run = new LogDriver(new SimulatedDisk { Capacity = 4 * LogDriver.SmallSegment });
        Fill(run.Log, RecordKind.Envelope);
        run.Commit();
        Assert.True(run.Log.IsFull);
        Assert.Equal(LogResult.Success, run.Log.Free(run.Log.OldestSection));
        run.Commit();
        Assert.Equal(LogResult.Success, run.Log.Prepare());
        Assert.False(run.Log.IsFull);
        Assert.True(Fill(run.Log, RecordKind.Envelope) > 30);
    }

    [Fact]
    public void AFullDiskAtTheFirstStart_RefusesMail()
    {
        var run = new LogDriver(new SimulatedDisk { Capacity = 1000 }, expected: LogResult.Full);
        Assert.True(run.Log.IsFull);
        Assert.Equal(LogResult.Full, run.Log.Append(RecordKind.Envelope, [], out _));
        Assert.Contains("reserve", run.Log.LastFailure, StringComparison.Ordinal);
        run.Disk.Capacity = long.MaxValue;
        Assert.Equal(LogResult.Success, run.Log.Prepare());
        run.Commit("one");
    }

    [Fact]
    public void ALongBatchWithoutCommit_MakesItsRoomOnTheWay()
    {
        var run = new LogDriver();
        for (int number = 0; number < 200; number++) run.Append(LogDriver.Long(number, 3000), RecordKind.Content);
        run.Commit("end");
        Assert.True(run.Segments().Count > 8);
        Assert.Equal("end", run.Restart().Seen.Payloads.Last());
    }

    [Fact]
    public void TheLog_LeavesSpaceToOthers()
    {
        var disk = new SimulatedDisk { Capacity = 10 * LogDriver.SmallSegment };
        using var log = new SegmentLog(disk, LogDriver.Options() with { MinFreeBytes = 6 * LogDriver.SmallSegment });
        Recorded.Of(log);
        Fill(log, RecordKind.Result);
        Assert.InRange(disk.GetFreeBytes().Value, 6 * LogDriver.SmallSegment, 7 * LogDriver.SmallSegment);
    }

    [Fact]
    public void WritingAhead_FillsANewSpareWithZeros_StepByStep()
    {
        var disk = new SimulatedDisk();
        using var log = new SegmentLog(disk, LogDriver.Options() with { ZeroedPerCall = 16 * 1024 });
        Recorded.Of(log);
        int writes = disk.Writes;
        for (int call = 0; call < 10; call++) Assert.Equal(LogResult.Success, log.Prepare());
        // Recovery itself did the first of the four steps.
        Assert.Equal(writes + 3, disk.Writes);
    }

    [Fact]
    public void FreedSegments_AreUsedAgain_AndTheirOldRecordsStayDead()
    {
        var run = new LogDriver();
        var alive = new List<string>();
        for (int number = 0; number < 300; number++)
        {
            string payload = LogDriver.Long(number, 3000);
            run.Commit(payload);
            alive.Add(payload);
            if (run.Segments().Count <= 3) continue;
            int before = run.Segments().Count;
            Assert.Equal(LogResult.Success, run.Log.Free(run.Log.OldestSection));
            run.Commit();
            Assert.Equal(before - 1, run.Segments().Count);
        }
        Assert.True(run.Disk.Names.Count() <= 3 + 4 + 1);
        var next = run.Restart();
        Assert.Empty(next.Seen.Damages);
        Assert.Equal(alive[^next.Seen.Records.Count..], next.Seen.Payloads);
        Assert.InRange(next.Seen.Records.Count, 20, 60);
    }

    private static int Fill(SegmentLog log, RecordKind kind)
    {
        int count = 0;
        while (log.Append(kind, new byte[1000], out _) == LogResult.Success) count++;
        return count;
    }
}
