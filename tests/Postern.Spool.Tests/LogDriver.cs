using System.Globalization;
using System.Text;
using Postern.Spool.Tests.SecondReader;
using Postern.TestKit;

namespace Postern.Spool.Tests;

/// <summary>Runs a segment log on a simulated disk with text for payloads, and insists on success.</summary>
internal sealed class LogDriver
{
    internal const int SmallSegment = 64 * 1024;

    private static ulong _epochs = 0x1234_5678_9ABC_DEF0;

    internal LogDriver(SimulatedDisk? disk = null, int segmentBytes = SmallSegment, LogResult expected = LogResult.Success)
    {
        Disk = disk ?? new SimulatedDisk();
        Log = new SegmentLog(Disk, Options(segmentBytes));
        Seen = BothReaders.Recover(Disk, Log, expected);
    }

    internal SimulatedDisk Disk { get; }

    internal SegmentLog Log { get; }

    /// <summary>What recovery showed.</summary>
    internal Recorded Seen { get; }

    internal static LogOptions Options(int segmentBytes = SmallSegment) => new()
    {
        SegmentBytes = segmentBytes,
        MinFreeBytes = 0,
        ZeroedPerCall = 0,
        // Different each time, the same in each run.
        DrawEpoch = () => _epochs = unchecked((_epochs * 6364136223846793005) + 1442695040888963407),
    };

    internal RecordPosition Append(string payload, RecordKind kind = RecordKind.Envelope)
    {
        Assert.Equal(LogResult.Success, Log.Append(kind, Encoding.Latin1.GetBytes(payload), out var position));
        return position;
    }

    internal void Commit(params string[] payloads)
    {
        foreach (string payload in payloads) Append(payload);
        Assert.Equal(LogResult.Success, Log.Commit());
    }

    internal void WriteOut() => Assert.Equal(LogResult.Success, Log.WriteOut());

    internal string Read(RecordPosition position)
    {
        byte[] destination = new byte[IRecordLog.MaxPayload];
        Assert.Equal(ReadResult.Success, Log.Read(position, destination, out _, out int length));
        return Encoding.Latin1.GetString(destination, 0, length);
    }

    internal List<SectionUse> Segments()
    {
        var segments = new List<SectionUse>();
        Log.ListSections(segments);
        return segments;
    }

    /// <summary>A new run after the program was killed.</summary>
    internal LogDriver Restart()
    {
        BothReaders.Scan(Disk);
        return new(Disk.Kill());
    }

    /// <summary>A payload of some length that says which it is.</summary>
    internal static string Long(int number, int length) =>
        number.ToString(CultureInfo.InvariantCulture).PadRight(length, (char)('a' + (number % 26)));
}
