using System.Collections.Concurrent;
using Postern.TestKit.Servers;

namespace Postern.Crash.Sweeping;

/// <summary>Attacks P3 and P5: every system call that the queue makes on its disk goes wrong once, in every way it can.</summary>
public sealed class SweepTests(ITestOutputHelper output)
{
    /// <summary>Most of a life is waiting for its disk and its timers.</summary>
    private const int SideBySide = 20;

    /// <summary>How far the long form goes into the calls of a life.</summary>
    private const int Deepest = 200;

    private static readonly bool _long = Environment.GetEnvironmentVariable("POSTERN_LONG") is { Length: > 0 };

    /// <summary>The calls, and what can go wrong with each: the disk, no space or no quota, a file system that the kernel has given up, the program's end.</summary>
    public static TheoryData<string, string> Matrix() => new()
    {
        { "fdatasync", "EIO ENOSPC EROFS EDQUOT KILL" },
        { "fsync", "EIO ENOSPC EROFS EDQUOT KILL" },
        { "pwrite64", "EIO ENOSPC EROFS EDQUOT KILL" },
        { "openat2", "ENOSPC EROFS EDQUOT EMFILE KILL" },
        { "renameat2", "EIO ENOSPC EROFS EDQUOT KILL" },
        { "fallocate", "EIO ENOSPC EROFS EDQUOT KILL" },
        { "unlinkat", "EIO EROFS KILL" },
    };

    [Theory]
    [MemberData(nameof(Matrix))]
    public void ACallThatGoesWrong_CostsNothingThatWasAcknowledged(string call, string faults)
    {
        var strace = Requirement.Peer("strace");
        var count = CallsOfALife(strace, call);
        List<FaultPoint> points = [.. Points(call, faults.Split(' '), count)];
        ConcurrentBag<string> wrong = [];
        var hit = 0;
        var doubled = 0;
        Parallel.ForEach(points, new ParallelOptions { MaxDegreeOfParallelism = SideBySide }, point =>
        {
            try
            {
                using var life = new SweptLife(SweepTemplate.Folder);
                life.Live(trace => point.Front(strace, trace));
                Interlocked.Add(ref hit, life.Hit ? 1 : 0);
                life.Settle();
                SweepVerdict.Judge(point, life);
                Interlocked.Add(ref doubled, life.Doubled);
            }
            catch (Exception failure)
            {
                wrong.Add($"{point}: {failure.Message}");
            }
        });
        output.WriteLine($"{call}: made {count} times in a life by one thread; {points.Count} points, {hit} of them came to pass, {wrong.Count} went wrong, {doubled} deliveries made twice");
        Assert.True(wrong.IsEmpty, string.Join("\n\n", wrong));
        // No two lives make the very same calls; nearly all do.
        Assert.InRange(hit, (points.Count * 3 + 3) / 4, points.Count);
    }

    [Fact]
    public void AnAcknowledgementWithoutASync_IsSeen()
    {
        var strace = Requirement.Peer("strace");
        using var life = new SweptLife(SweepTemplate.Folder);
        life.Live(trace => new FaultPoint("fdatasync", "delay_enter=1", 1).Front(strace, trace));
        life.JudgeAcknowledgements(life.Trace);
        // As if each sync had failed, or come a moment too late.
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => life.JudgeAcknowledgements([.. life.Trace.Where(call => !call.IsSync)]));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => life.JudgeAcknowledgements([.. life.Trace.Select(call => call.IsSync ? call with { End = call.End + 10_000 } : call)]));
    }

    private static int CallsOfALife(string strace, string call)
    {
        using var sample = new SweptLife(SweepTemplate.Folder);
        sample.Live(trace => new FaultPoint(call, "delay_enter=1", 1).Front(strace, trace));
        Assert.True(sample.End is { Exited: true, ExitCode: 0 }, sample.Log);
        sample.Settle();
        Assert.Equal(0, sample.Doubled);
        Assert.Contains(sample.Trace, one => one.Name == call);
        // strace counts for each thread by itself.
        return sample.Trace.Where(one => one.Name == call).GroupBy(one => one.Thread).Max(calls => calls.Count());
    }

    /// <summary>Each fault at each call; in the short form each call once and each fault once at least, by turns.</summary>
    private static IEnumerable<FaultPoint> Points(string call, string[] faults, int count)
    {
        var places = Math.Min(count, Deepest);
        for (var point = 0; point < (_long ? places * faults.Length : Math.Max(places, faults.Length)); point++)
        {
            var fault = faults[(_long ? (point % places) + (point / places) : point) % faults.Length];
            yield return new FaultPoint(call, fault == "KILL" ? "signal=KILL" : "error=" + fault, 1 + (point % places));
        }
    }
}
