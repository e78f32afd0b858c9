using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Postern.Fuzz.Oracles;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.Fuzz.Logs;

/// <summary>A log that has all that a log can have, to be damaged: a freed segment, two checkpoints, a batch in two segments, restarts.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Disk and log are memory.")]
internal sealed class SampleLog
{
    private const int SegmentBytes = 64 * 1024;

    private ulong _epochs = 0x1234_5678_9ABC_DEF0;
    private SimulatedDisk _disk = new();
    private SegmentLog _log;

    private SampleLog()
    {
        _log = Recover();
        Live(0, 24);
        Insist(_log.Free(1));
        Checkpoint();
        for (int part = 0; part < 12; part++) Append(1000 + part, 5000);
        Insist(_log.Commit());
        Append(1, 30);
        Insist(_log.WriteOut());
        Restart();
        Live(100, 5);
        Checkpoint();
        Live(200, 4);
        Restart();
        Live(300, 3);
    }

    /// <summary>The files of such a log.</summary>
    internal static SortedDictionary<string, byte[]> Make()
    {
        var sample = new SampleLog();
        SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (string name in sample._disk.Names.Where(name => name.StartsWith("segment-", StringComparison.Ordinal))) files[name] = sample._disk[name];
        return files;
    }

    private static void Insist(LogResult result) => Demand.Equal(LogResult.Success, result, "the sample");

    private SegmentLog Recover()
    {
        var log = new SegmentLog(_disk, new LogOptions { SegmentBytes = SegmentBytes, MinFreeBytes = 0, ZeroedPerCall = 0, DrawEpoch = Draw });
        Insist(log.Recover(new SeenLog(), out _));
        return log;
    }

    private ulong Draw() => _epochs = unchecked((_epochs * 6364136223846793005) + 1442695040888963407);

    private void Restart()
    {
        _disk = _disk.Kill();
        _log = Recover();
    }

    private void Append(int number, int length) => Insist(_log.Append(
        number % 3 == 0 ? RecordKind.Result : RecordKind.Envelope,
        Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture).PadRight(length, 'x')),
        out _));

    private void Live(int first, int count)
    {
        for (int number = first; number < first + count; number++)
        {
            Append(number, 3000);
            Append(number, 70);
            Insist(_log.Commit());
        }
    }

    private void Checkpoint()
    {
        _log.BeginCheckpoint();
        Insist(_log.AppendCheckpoint("piece"u8));
        Append(7, 20);
        Insist(_log.Commit());
        Insist(_log.EndCheckpoint());
        Insist(_log.Commit());
    }
}
