using Postern.TestKit;

namespace Postern.Spool.Tests.Recovery;

/// <summary>A segment's file that can't be opened now: that says nothing about what is in it.</summary>
public sealed class UnopenableTests
{
    private readonly LogDriver _run = new();
    private readonly List<string> _payloads = [];

    public UnopenableTests()
    {
        for (int number = 0; number < 40; number++)
        {
            _payloads.Add(LogDriver.Long(number, 3000));
            _run.Commit(_payloads[^1]);
        }
        Assert.Equal(4, _run.Segments().Count);
    }

    /// <summary>Errors that are ours: no memory, no rights, too many open files, a file system that became read-only.</summary>
    public static MatrixTheoryData<int, int> Cases() => new([1, 2, 3, 4], [1, 12, 13, 23, 24, 30]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void ASegmentThatWeCanNotOpen_IsNoReasonToGoOnWithoutIt(int number, int error)
    {
        var disk = _run.Disk.Kill();
        string name = $"segment-0000000{number}";
        disk.Unopenable[name] = error;
        string[] before = [.. disk.Names];
        using (var log = new SegmentLog(disk, LogDriver.Options()))
        {
            Assert.Equal(LogResult.Failed, log.Recover(new Recorded(), out _));
            Assert.StartsWith($"open {name}: ", log.LastFailure, StringComparison.Ordinal);
        }
        Assert.Equal(before, disk.Names);

        // The next start can, and finds everything.
        disk.Unopenable.Clear();
        var next = new LogDriver(disk.Kill());
        Assert.Equal(_payloads, next.Seen.Payloads);
        Assert.Empty(next.Seen.Damages);
    }

    // The file is beyond help, so the rest of the log goes on without it: it is named and kept aside.
    [Theory]
    [InlineData(5)]
    [InlineData(117)]
    public void ASegmentThatTheDiskCanNotGiveBack_IsNamedAndKeptAside(int error)
    {
        var disk = _run.Disk.Kill();
        disk.Unopenable["segment-00000004"] = error;
        using var log = new SegmentLog(disk, LogDriver.Options());
        var seen = new Recorded();
        Assert.Equal(LogResult.Success, log.Recover(seen, out _));
        Assert.Equal(DamageReason.SegmentHeader, Assert.Single(seen.Damages).Reason);
        Assert.Contains("damaged-00000004", disk.Names);
    }
}
