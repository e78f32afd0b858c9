using Postern.TestKit;

namespace Postern.Spool.Tests.Recovery;

/// <summary>Pages that the disk can't give back: what stands in them is lost and named, and nothing else.</summary>
public sealed class BadPageTests
{
    private const int Page = 4096, Pages = LogDriver.SmallSegment / Page;
    private const int InputOutput = 5, NoMemory = 12;

    private readonly LogDriver _run = new();
    private readonly Dictionary<string, RecordPosition> _written = [];

    public BadPageTests()
    {
        for (int number = 0; number < 80; number++)
        {
            // Within a page, and over some.
            string payload = LogDriver.Long(number, number % 3 == 0 ? 9000 : 700);
            _written.Add(payload, _run.Append(payload));
            _run.Commit();
        }

        Assert.True(_run.Segments().Count > 3);
    }

    public static TheoryData<int> AllPages => [.. Enumerable.Range(0, Pages)];

    [Theory]
    [MemberData(nameof(AllPages))]
    public void OnePageOfASegment_TakesOnlyWhatStandsInIt(int page)
    {
        var disk = _run.Disk.Kill();
        disk.Unreadable[("segment-00000002", page)] = InputOutput;
        using var log = new SegmentLog(disk, LogDriver.Options());
        var seen = Recorded.Of(log);
        // Of the header there are two, and behind the last record nothing is looked at.
        if (page >= 2 && _written.Keys.Any(payload => Touches(payload, page))) Assert.Contains(seen.Damages, damage => damage == new Damage(2, (uint)(page * Page), Page, DamageReason.Unreadable));
        string[] lost = [.. _written.Keys.Except(seen.Payloads)];
        Assert.All(lost, payload => Assert.True(Touches(payload, page), $"{_written[payload]} is lost"));
        // Whose bytes are gone can't be there.
        Assert.All(_written.Where(one => IsWithin(one.Key, one.Value, page)), one => Assert.Contains(one.Key, lost));
        Assert.Equal(_written.Keys.Except(lost), seen.Payloads);
    }

    [Fact]
    public void EveryPageOfASegment_TakesTheSegment()
    {
        var disk = _run.Disk.Kill();
        foreach (int page in AllPages.Select(row => row.Data)) disk.Unreadable[("segment-00000002", page)] = InputOutput;
        using var log = new SegmentLog(disk, LogDriver.Options());
        var seen = Recorded.Of(log);
        Assert.Equal(_written.Where(one => one.Value.Section != 2).Select(one => one.Key), seen.Payloads);
        Assert.Contains(seen.Damages, damage => damage.Segment == 2);
    }

    // A record in its first part, and in the part that takes a second read.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void ARecordThatCanNotBeReadAnyMore_IsNotThere(int further)
    {
        var (log, disk, position) = Running();
        disk.Unreadable[("segment-00000002", (position.Place / Page) + further)] = InputOutput;
        byte[] destination = new byte[9000];
        Assert.Equal(ReadResult.NotThere, log.Read(position, destination, out _, out _));
        // For the next one nothing is wrong.
        disk.Unreadable.Clear();
        Assert.Equal(ReadResult.Success, log.Read(position, destination, out _, out int length));
        Assert.Equal(9000, length);
        log.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void ARecordThatWeCanNotReadNow_IsNoDamage(int further)
    {
        var (log, disk, position) = Running();
        disk.Unreadable[("segment-00000002", (position.Place / Page) + further)] = NoMemory;
        Assert.Equal(ReadResult.Failed, log.Read(position, new byte[9000], out _, out _));
        Assert.StartsWith("read segment-00000002: ", log.LastFailure, StringComparison.Ordinal);
        log.Dispose();
    }

    [Fact]
    public void ARecordThatIsLongerThanItsRoom_IsSaidToBe()
    {
        var (log, _, position) = Running();
        Assert.Equal(ReadResult.TooLong, log.Read(position, new byte[8999], out _, out int length));
        Assert.Equal(9000, length);
        Assert.Equal(ReadResult.Success, log.Read(position, new byte[9000], out _, out _));
        Assert.Equal(ReadResult.NotThere, log.Read(position with { Place = position.Place + 8 }, new byte[9000], out _, out _));
        Assert.Equal(ReadResult.NotThere, log.Read(position with { Place = LogDriver.SmallSegment - 8 }, new byte[9000], out _, out _));
        Assert.Equal(ReadResult.NotThere, log.Read(position with { Section = 99 }, new byte[9000], out _, out _));
        log.Dispose();
    }

    private (SegmentLog Log, SimulatedDisk Disk, RecordPosition Position) Running()
    {
        var disk = _run.Disk.Kill();
        var log = new SegmentLog(disk, LogDriver.Options());
        Recorded.Of(log);
        return (log, disk, _written.First(one => one.Value.Section == 2 && one.Key.Length == 9000).Value);
    }

    private static bool IsWithin(string payload, RecordPosition position, int page) =>
        position.Section == 2 && position.Place / Page <= page && (position.Place + 24 + payload.Length - 1) / Page >= page;

    /// <summary>Its bytes, or those of its commit behind it.</summary>
    private bool Touches(string payload, int page)
    {
        var position = _written[payload];
        return position.Section == 2 && position.Place / Page <= page && (position.Place + RecordHeader.SpaceFor(payload.Length) + CommitRecord.Space - 1) / Page >= page;
    }
}
