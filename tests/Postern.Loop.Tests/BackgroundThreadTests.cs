namespace Postern.Loop.Tests;

public class BackgroundThreadTests
{
    [Fact]
    public void Work_RunsElsewhere_AndIsToldOfHere_InItsOrder()
    {
        using var loop = new EventLoop(TimeProvider.System);
        using var background = new BackgroundThread(loop, "test");
        var told = new List<int>();
        var threads = new HashSet<int>();
        for (var number = 0; number < 3; number++)
        {
            var mine = number;
            background.Run(() => threads.Add(Environment.CurrentManagedThreadId), () =>
            {
                told.Add(mine);
                Assert.DoesNotContain(Environment.CurrentManagedThreadId, threads);
            });
        }

        // Waits in the kernel; without the signal the test would never end.
        while (told.Count < 3) loop.RunTurn(wait: true);
        Assert.Equal([0, 1, 2], told);
        Assert.Single(threads);
    }

    [Fact]
    public void TheLoop_GoesOnMeanwhile()
    {
        using var loop = new EventLoop(TimeProvider.System);
        using var background = new BackgroundThread(loop, "test");
        using var release = new ManualResetEventSlim();
        var (ticks, done) = (0, false);
        var timer = loop.CreateTimer(() =>
        {
            ticks++;
            release.Set();
        });
        background.Run(release.Wait, () => done = true);
        timer.Set(TimeSpan.FromMilliseconds(1));
        while (!done) loop.RunTurn(wait: true);
        Assert.Equal(1, ticks);
    }

    [Fact]
    public void TheEnd_WaitsForTheWorkThatRuns_AndDropsTheRest()
    {
        using var loop = new EventLoop(TimeProvider.System);
        var background = new BackgroundThread(loop, "test");
        using var begun = new ManualResetEventSlim();
        var (ended, dropped) = (false, true);
        background.Run(() =>
        {
            begun.Set();
            Thread.Sleep(20);
            ended = true;
        }, () => Assert.Fail("It was closed."));
        background.Run(() => dropped = false, () => Assert.Fail("It was closed."));
        begun.Wait(TestContext.Current.CancellationToken);
        background.Dispose();
        Assert.True(ended);
        Assert.True(dropped);
        loop.RunTurn(wait: false);
    }
}
