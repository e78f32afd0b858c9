using Postern.Posix.Polling;
using Postern.Posix.Processes;

namespace Postern.Loop;

/// <summary>The way from other threads into a loop: they signal, and the loop's own thread is called back.</summary>
/// <remarks>
/// For work that the kernel offers only as calls that wait, such as fsync. What the threads have to say they leave where
/// the loop finds it; several signals may arrive as one call.
/// </remarks>
public sealed class ThreadSignal : WatchedDescriptor
{
    private readonly WakeUp _wakeUp;
    private readonly Action _signalled;

    /// <summary>Makes one.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="signalled">Called on the loop's thread after one signal or more.</param>
    /// <exception cref="InvalidOperationException">The kernel refused.</exception>
    public ThreadSignal(EventLoop loop, Action signalled)
        : this(loop, WakeUp.Open(), signalled)
    {
    }

    private ThreadSignal(EventLoop loop, WakeUp wakeUp, Action signalled)
        : base(loop, wakeUp.Descriptor)
    {
        _wakeUp = wakeUp;
        _signalled = signalled;
        StartWatching(Readiness.Readable);
        if (IsClosed)
        {
            throw new InvalidOperationException("epoll_ctl: the kernel refused to watch an eventfd");
        }
    }

    /// <summary>Has the loop called back; any thread may do it.</summary>
    public void Signal() => _wakeUp.Signal();

    internal override void OnReady(Readiness ready)
    {
        // Cleared before the call: a signal that comes while it runs is reported again.
        _wakeUp.Clear();
        _signalled();
    }

    private protected override void OnClosed()
    {
    }
}
