using System.Diagnostics;
using Postern.Crash.Load;
using Postern.TestKit.Servers;

namespace Postern.Crash.Power;

/// <summary>
/// A server's whole life is recorded below the file system, and the disk is put together as a power cut before any of its
/// flushes could have left it: with any part of what was written since the flush before.
/// </summary>
public sealed class ReplayTests(ITestOutputHelper output)
{
    /// <summary>About how many states are tried of each life, drawn by chance from all that there are.</summary>
    private static readonly double _states = Environment.GetEnvironmentVariable("POSTERN_LONG") is { Length: > 0 } ? 1500 : 30;

    [Fact]
    public void PowerFailsBeforeAnyFlush_EverythingAcknowledgedArrivesWhole()
    {
        using var mounts = new OwnMounts();
        var random = Seeded();
        var first = RecordedLife.Live(mounts, null, (server, load) =>
        {
            load.AwaitMore(25);
            server.KillEverythingAndRestart();
            load.AwaitMore(15);
        });
        MustSurvive(mounts, first, random);
        // A second life that begins where the power failed in the first, so that it fails in a recovery, too.
        var half = first.Record.Intervals.Count / 2;
        var (name, disk, at) = first.Cuts(random, _ => true).First(cut => cut.At == first.Record.Intervals[half] && cut.Name.Contains(" of ", StringComparison.Ordinal));
        output.WriteLine($"the second life begins at {name}");
        var second = RecordedLife.Live(mounts, (disk, first.AcknowledgedBefore(at), first.LastNumber), (_, load) => load.AwaitMore(10));
        MustSurvive(mounts, second, random);
    }

    private Random Seeded()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }

    private void MustSurvive(OwnMounts mounts, RecordedLife life, Random random)
    {
        var trial = new Trial(mounts);
        var all = life.Record.Intervals.Sum(interval => PowerCut.Of(interval.Writes, new Random(0)).Count());
        var share = _states / all;
        var choice = new Random(random.Next());
        List<string> failures = [];
        var (tried, watch) = (0, Stopwatch.StartNew());
        foreach (var (name, disk, at) in life.Cuts(random, _ => choice.NextDouble() < share))
        {
            tried++;
            if (trial.Judge(disk, life.AcknowledgedBefore(at)) is { } verdict)
            {
                failures.Add($"{name}: {verdict}");
            }
        }

        output.WriteLine($"{tried} of about {all} states at {life.Record.Intervals.Count} flushes, {life.Acknowledged.Count} acknowledged, {watch.Elapsed.TotalSeconds:F0} s");
        Assert.True(failures.Count == 0, string.Join('\n', failures.Take(10)));
        Assert.InRange(tried, 10, int.MaxValue);
    }
}
