using Postern.TestKit;

namespace Postern.Spool.Tests.Segments;

/// <summary>How many files a log has open: few while it runs, none when it is over.</summary>
public sealed class OpenFilesTests
{
    /// <summary>As many as are kept open for reading, and those of spares and of the one that is written.</summary>
    private const int MaxOpen = 64 + 8;

    [Fact]
    public void ALogWithManySegments_HasFewOfThemOpen_AndReadsThemAll()
    {
        var run = new LogDriver();
        List<(RecordPosition Position, string Payload)> written = [];
        for (int number = 0; run.Segments().Count < 100; number++)
        {
            string payload = LogDriver.Long(number, 20_000);
            written.Add((run.Append(payload), payload));
            run.Commit();
            Assert.InRange(run.Disk.OpenFiles, 1, MaxOpen);
        }

        // Back and forth: what was closed is opened again.
        foreach (var (position, payload) in written.Concat(written.AsEnumerable().Reverse()))
        {
            Assert.Equal(payload, run.Read(position));
            Assert.InRange(run.Disk.OpenFiles, 1, MaxOpen);
        }

        run.Log.Dispose();
        Assert.Equal(0, run.Disk.OpenFiles);

        var disk = run.Disk.Kill();
        using (var reader = new LogReader(disk))
        {
            Assert.True(reader.Scan(new Recorded(), salvage: false, out var first).Ok);
            Assert.True(reader.Scan(new Recorded(), salvage: false, out var second).Ok);
            Assert.Equal(first!.Segments, second!.Segments);
            Assert.InRange(disk.OpenFiles, 1, MaxOpen);
        }

        Assert.Equal(0, disk.OpenFiles);
        var log = new SegmentLog(disk, LogDriver.Options());
        Recorded.Of(log);
        Assert.InRange(disk.OpenFiles, 1, MaxOpen);
        log.Dispose();
        Assert.Equal(0, disk.OpenFiles);
    }

    [Fact]
    public void ALogThatFreesWhatItHas_LeavesNoFileOpen()
    {
        var run = new LogDriver();
        for (int number = 0; number < 200; number++)
        {
            run.Commit(LogDriver.Long(number, 3000));
            if (!run.Log.CanFree(run.Log.OldestSection)) continue;
            Assert.Equal(LogResult.Success, run.Log.Free(run.Log.OldestSection));
            run.Commit();
            Assert.InRange(run.Disk.OpenFiles, 1, 8);
        }

        run.Log.Dispose();
        Assert.Equal(0, run.Disk.OpenFiles);
    }

    [Fact]
    public void ALogThatWasNotReadYet_HasNothing_AndTakesNothing()
    {
        using var log = new SegmentLog(new SimulatedDisk(), LogDriver.Options());
        Assert.Equal((0u, LogDriver.SmallSegment), (log.OldestSection, log.SectionBytes));
        Assert.Throws<InvalidOperationException>(() => log.Append(RecordKind.Envelope, "x"u8, out _));
    }
}
