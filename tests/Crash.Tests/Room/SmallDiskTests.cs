using System.Diagnostics;
using Postern.Crash.Bare;
using Postern.Ipc.Submission;
using Postern.TestKit.Servers;

namespace Postern.Crash.Room;

/// <summary>Attacks P6 and P13: a real disk that is full. What was accepted is delivered, and all goes on by itself once there is room.</summary>
public sealed class SmallDiskTests(ITestOutputHelper output) : IDisposable
{
    private const int Megabytes = 32;

    private readonly SmallDisk _disk = new(Megabytes);
    private readonly Account _account = new();

    /// <summary>Bytes that are left.</summary>
    public static TheoryData<int> Left() => [0, 1024, 64 * 1024];

    [Theory]
    [MemberData(nameof(Left))]
    public void DiskThatFillsWhileTheQueueRuns_DeliversWhatItHasAndTakesMoreOnceThereIsRoom(int left)
    {
        using (var queue = Start())
        {
            _account.Submit(queue, 5, 2000, $"{Recipients.Away}@a.test");
            _disk.Fill(queue.Pid, left);
            FillTheLog(queue);
            AwaitRoom(queue);
            _account.Submit(queue, 3, 2000, $"{Recipients.Away}@a.test");
            _disk.Fill(queue.Pid, left);
            FillTheLog(queue);
            queue.Kill();
            _account.Close(queue);
        }

        // A start on the full disk: what is there goes out.
        TheRestGoesOut();
    }

    [Theory]
    [MemberData(nameof(Left))]
    public void DiskThatIsFullAtTheVeryStart_IsWaitedFor(int left)
    {
        using (var holder = new RunningProgram(_disk.Front("/bin/sleep", "600")))
        {
            Patience.Until(() => _disk.IsMounted(holder.Pid), () => holder.Said);
            _disk.Fill(holder.Pid, left);
        }

        using var queue = Start();
        Assert.True(queue.Await(() => queue.Smtpd.Condition == QueueCondition.Full, "the word that it is full"), queue.Log);
        AwaitRoom(queue);
        _account.Submit(queue, 3, 2000, "x@a.test");
        Assert.True(queue.Await(() => _account.IsSettled(queue), "what was accepted"), queue.Log);
        Assert.True(queue.Stop() is { Exited: true, ExitCode: 0 }, queue.Log);
        _account.Close(queue);
        _account.Judge();
    }

    // What lives in the oldest segment is to be moved when there is no room for it. All the others live, too, until the log is full: as
    // long as that is so nothing is worth moving.
    [Theory]
    [MemberData(nameof(Left))]
    public void DiskThatIsFullWhenSegmentsAreToBeFreed_LosesNothing(int left)
    {
        using (var queue = Start())
        {
            _account.Submit(queue, 2, 100_000, $"{Recipients.FarAway}@a.test");
            _account.Submit(queue, 12, 180_000, $"{Recipients.Away}@a.test");
            _disk.Fill(queue.Pid, left);
            FillTheLog(queue);
            queue.Local.WhoIsAway = Recipients.FarAway;
            var rest = queue.Smtpd.Answers.Count(one => one.Value == SubmissionOutcome.Committed) - 2;
            Assert.True(queue.Await(() => queue.Local.Delivered.Count >= rest, "all but the oldest"), queue.Log);
            var attempts = queue.Local.Begun;
            // Each retry comes a second after the last, and so does each look at the oldest segment.
            Assert.True(queue.Await(() => queue.Local.Begun > attempts + 12, "some seconds"), queue.Log);
            Assert.True(_disk.Has(queue.Pid, "segment-00000001"), queue.Log);
            AwaitRoom(queue);
            Assert.True(queue.Await(() => !_disk.Has(queue.Pid, "segment-00000001"), "the end of the oldest segment"), queue.Log);
            queue.Kill();
            _account.Close(queue);
        }

        TheRestGoesOut();
    }

    // The kernel does that by itself after an error in the file system (errors=remount-ro); no program is asked.
    [Fact]
    public void DiskThatBecomesReadOnly_EndsTheQueueWithItsReasonAndLosesNothing()
    {
        using (var queue = Start())
        {
            _account.Submit(queue, 5, 2000, $"{Recipients.Away}@a.test");
            _disk.Break(queue.Pid);
            queue.Local.AllAreHere = true;
            _account.Offer(queue, 200_000, "new@a.test");
            _account.Offer(queue, 200_000, "new@a.test");
            var end = queue.AwaitEnd();
            Assert.True(end is { Exited: true, ExitCode: > 0 }, queue.Log);
            Assert.True(queue.Log.Contains("Read-only file system", StringComparison.Ordinal), queue.Log);
            _account.Close(queue);
        }

        TheRestGoesOut();
    }

    public void Dispose() => _disk.Dispose();

    private BareQueue Start()
    {
        var queue = BareQueue.Start(_disk.Queue, _disk["log"], _disk.Front());
        Assert.True(queue.AwaitReady(), queue.Log);
        return queue;
    }

    /// <summary>Hands in messages until they are refused for want of room.</summary>
    private void FillTheLog(BareQueue queue)
    {
        for (var count = 0; queue.Smtpd.Condition != QueueCondition.Full; count++)
        {
            Assert.InRange(count, 0, 1000);
            _account.Offer(queue, 20_000, $"{Recipients.Away}@a.test");
        }
    }

    /// <summary>One more start, on the disk as it is now: everything that was accepted is delivered, and all lives together did nothing wrong.</summary>
    private void TheRestGoesOut()
    {
        using (var queue = Start())
        {
            queue.Local.AllAreHere = true;
            Assert.True(queue.Await(() => _account.IsSettled(queue), "what was accepted"), queue.Log);
            Assert.True(queue.Stop() is { Exited: true, ExitCode: 0 }, queue.Log);
            _account.Close(queue);
        }

        _account.Judge();
    }

    private void AwaitRoom(BareQueue queue)
    {
        _disk.Empty(queue.Pid);
        var watch = Stopwatch.StartNew();
        Assert.True(queue.Await(() => queue.Smtpd.Condition == QueueCondition.Accepting, "room"), queue.Log);
        output.WriteLine($"it takes messages {watch.ElapsedMilliseconds} ms after there is room again");
    }
}
