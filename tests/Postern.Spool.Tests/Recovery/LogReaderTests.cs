using System.Text;
using Postern.TestKit;

namespace Postern.Spool.Tests.Recovery;

public sealed class LogReaderTests
{
    [Fact]
    public void AReader_SaysWhatALogHolds_AndChangesNothing()
    {
        var run = new LogDriver();
        for (int number = 0; number < 40; number++) run.Commit(LogDriver.Long(number, 3000));
        run.Log.BeginCheckpoint();
        Assert.Equal(LogResult.Success, run.Log.AppendCheckpoint("piece"u8));
        Assert.Equal(LogResult.Success, run.Log.EndCheckpoint());
        run.Commit();
        var disk = run.Disk.Kill();
        string[] names = [.. disk.Names];
        int writes = disk.Writes + disk.Syncs;
        using var reader = new LogReader(disk);
        var seen = new Recorded();
        Assert.True(reader.Scan(seen, salvage: false, out var report).Ok);
        // Everything, not only what follows the checkpoint.
        Assert.Equal(40, seen.Records.Count);
        Assert.Empty(seen.Pieces);
        Assert.Equal(run.Segments(), report!.Segments);
        Assert.Equal((41ul, 0, 40L), (report.LastBatch, report.Summary.Damages, report.Summary.Records));
        Assert.NotEqual(default, report.Checkpoint);
        Assert.Empty(report.SetAside);
        Assert.True(report.Spares > 0);
        Assert.Equal(names, disk.Names);
        Assert.Equal(writes, disk.Writes + disk.Syncs);
        byte[] destination = new byte[3000];
        Assert.Equal(ReadResult.Success, reader.Read(seen.Records[7].Position, destination, out var kind, out int length));
        Assert.Equal((RecordKind.Envelope, LogDriver.Long(7, 3000)), (kind, Encoding.Latin1.GetString(destination, 0, length)));
    }

    [Fact]
    public void ARunningLog_CanBeRead()
    {
        var run = new LogDriver();
        run.Commit("one");
        run.Append("two");
        run.WriteOut();
        // The same disk, although it is locked.
        using var reader = new LogReader(run.Disk);
        var seen = new Recorded();
        Assert.True(reader.Scan(seen, salvage: false, out _).Ok);
        Assert.Equal(["one"], seen.Payloads);
        Assert.Equal(DamageReason.TornTail, Assert.Single(seen.Damages).Reason);
    }

    [Fact]
    public void WhatIsWholeInADroppedBatch_CanBeRescued()
    {
        var run = new LogDriver();
        run.Commit("one");
        var lost = run.Append("two");
        run.Append("three");
        run.Commit();
        var disk = run.Disk.Kill();
        byte[] content = disk["segment-00000001"];
        content[lost.Offset + 25] ^= 1;
        disk["segment-00000001"] = content;
        using var reader = new LogReader(disk);
        var seen = new Recorded();
        Assert.True(reader.Scan(seen, salvage: false, out _).Ok);
        Assert.Equal(["one"], seen.Payloads);
        seen = new Recorded();
        Assert.True(reader.Scan(seen, salvage: true, out _).Ok);
        Assert.Equal(["one", "three"], seen.Payloads);
        Assert.Equal(ReadResult.NotThere, reader.Read(lost, new byte[100], out _, out _));
    }

    [Fact]
    public void AFreedSegmentThatStillHasItsName_IsRoom_NotAPartOfTheLog()
    {
        var run = new LogDriver();
        for (int number = 0; number < 40; number++) run.Commit(LogDriver.Long(number, 3000));
        byte[] freed = run.Disk["segment-00000001"];
        Assert.Equal(LogResult.Success, run.Log.Free(1));
        run.Commit();
        var left = run.Disk.Kill();
        using var before = new LogReader(left.Kill());
        Assert.True(before.Scan(new Recorded(), salvage: false, out var expected).Ok);
        // The crash takes back its new name.
        left.Lose("spare-00000001");
        left["segment-00000001"] = freed;
        using var reader = new LogReader(left);
        var seen = new Recorded();
        Assert.True(reader.Scan(seen, salvage: false, out var report).Ok);
        Assert.Equal(expected!.Segments, report!.Segments);
        Assert.DoesNotContain(1u, report.Segments.Select(segment => segment.Number));
        Assert.Equal(expected.Spares, report.Spares);
        Assert.All(seen.Records, record => Assert.NotEqual(1u, record.Position.Segment));
    }

    [Fact]
    public void AnEmptyDirectory_HoldsNothing()
    {
        using var reader = new LogReader(new SimulatedDisk());
        Assert.Equal(ReadResult.NotThere, reader.Read(new(1, 0), [], out _, out _));
        Assert.True(reader.Scan(new Recorded(), salvage: false, out var report).Ok);
        Assert.Empty(report!.Segments);
    }
}
