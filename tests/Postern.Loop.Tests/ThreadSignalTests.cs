namespace Postern.Loop.Tests;

public class ThreadSignalTests
{
    [Fact]
    public void SignalOfAnotherThread_CallsBackOnTheLoopsOwn()
    {
        using var loop = new EventLoop(TimeProvider.System);
        var called = 0;
        var onThread = 0;
        using var signal = new ThreadSignal(loop, () =>
        {
            called++;
            onThread = Environment.CurrentManagedThreadId;
        });
        var other = new Thread(signal.Signal);
        other.Start();
        // Waits in the kernel; without the signal the test would never end.
        while (called == 0) loop.RunTurn(wait: true);
        other.Join();
        Assert.Equal(Environment.CurrentManagedThreadId, onThread);
    }

    [Fact]
    public void SignalDuringTheCall_IsNotLost()
    {
        using var loop = new EventLoop(TimeProvider.System);
        var called = 0;
        ThreadSignal? signal = null;
        signal = new ThreadSignal(loop, () =>
        {
            if (++called == 1) signal!.Signal();
        });
        signal.Signal();
        signal.Signal();
        while (loop.RunTurn(wait: false))
        {
        }
        Assert.Equal(2, called);
        signal.Dispose();
    }

    [Fact]
    public void SignalAfterTheEnd_DoesNothing()
    {
        using var loop = new EventLoop(TimeProvider.System);
        var signal = new ThreadSignal(loop, () => Assert.Fail("It was closed."));
        signal.Dispose();
        signal.Signal();
        Assert.False(loop.RunTurn(wait: false));
    }
}
