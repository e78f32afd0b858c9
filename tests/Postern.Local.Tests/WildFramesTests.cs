using Postern.Ipc;
using Postern.Ipc.Control;
using Postern.TestKit;

namespace Postern.Local.Tests;

/// <summary>The directory, the queue, and one user's deliver, taken over: frames of every type, right, at their limits, or nonsense.</summary>
public sealed class WildFramesTests
{
    private static int Seeds => Environment.GetEnvironmentVariable("POSTERN_LONG") == "1" ? 5_000 : 150;

    [Fact]
    public void DirectoryThatWasTakenOver_StopsNothing()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var wild = new WildFrames(seed);
            using var local = new LocalHarness();
            using (var end = new WildEnd(local.Turn, theirs => local.JoinDirectory(theirs)))
            {
                local.Queue.Message(1, "x", "u@a.test", "v@a.test");
                local.Turn();
                Play(wild, end, [63, 63, 64, 65, 65]);
            }

            local.Turn();
            local.JoinDirectory();
            IsServed(local);
            EachIsToldOnce(local);
        }
    }

    [Fact]
    public void DeliverThatWasTakenOver_HoldsUpNobodyElse()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var wild = new WildFrames(seed);
            using var local = new LocalHarness();
            local.Directory.System("alice@a.test", "alice");
            local.Directory.Virtual("u@a.test");
            local.Queue.Message(1, "secret", "alice@a.test", "u@a.test");
            local.Turn();
            var honest = local.StartDeliver(local.Asked.Single(one => one.User.Length == 0).Number);
            using (var end = new WildEnd(local.Turn, theirs => local.Answer(local.Asked.Single(one => one.User == "alice").Number, theirs)))
            {
                Play(wild, end, [40, 40, 42, 42, 22]);
            }

            local.Turn();
            honest.Delivered(1, 1);
            honest.End(1);
            local.Turn();
            Assert.False(honest.Ended || local.Queue.Ended || local.Directory.Ended);
            Assert.Contains("1.1 Delivered 2.0.0", local.Queue.Heard);
            Assert.Equal("1 end", local.Queue.Heard[^1]);
            EachIsToldOnce(local);
        }
    }

    // It has all mail anyway; what it can't do is leave something behind for its successor.
    [Fact]
    public void QueueThatWasTakenOver_StopsNothing()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var wild = new WildFrames(seed);
            using var local = new LocalHarness();
            using (var end = new WildEnd(local.Turn, theirs => local.JoinQueue(theirs)))
            {
                Play(wild, end, [30, 30, 31, 31, 32, 13, 33, 34]);
            }

            local.Turn();
            local.JoinQueue();
            IsServed(local);
            EachIsToldOnce(local);
        }
    }

    private static void Play(WildFrames wild, WildEnd end, ushort[] likely)
    {
        for (var left = 1 + wild.Below(30); left > 0 && !end.IsClosed; left--)
        {
            end.Send(wild.Next(likely));
        }
    }

    private static void IsServed(LocalHarness local)
    {
        local.Directory.System("later@a.test", "later");
        local.Queue.Message(9, "y", "later@a.test");
        local.Turn();
        var deliver = local.StartDeliver(local.Asked.Single(one => one.User == "later").Number);
        deliver.Delivered(1, 0);
        deliver.End(1);
        local.Turn();
        Assert.Contains("9.0 Delivered 2.0.0", local.Queue.Heard);
        Assert.Equal("9 end", local.Queue.Heard[^1]);
    }

    // The queue takes a second word on a recipient for hostile: what others send must not bring local to say it.
    private static void EachIsToldOnce(LocalHarness local)
    {
        var told = local.Queue.Heard.Where(line => !line.Contains('>', StringComparison.Ordinal)).Select(line => line.Split(' ')[0] + (line.EndsWith("end", StringComparison.Ordinal) ? " end" : "")).ToList();
        Assert.Equal(told.Distinct(), told);
    }
}
