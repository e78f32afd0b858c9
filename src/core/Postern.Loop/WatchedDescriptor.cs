using Postern.Posix;
using Postern.Posix.Polling;

namespace Postern.Loop;

/// <summary>A descriptor that a loop watches.</summary>
public abstract class WatchedDescriptor : IDisposable
{
    private readonly Descriptor _descriptor;

    private protected WatchedDescriptor(EventLoop loop, Descriptor descriptor)
    {
        Loop = loop;
        _descriptor = descriptor;
    }

    /// <summary>The loop on whose thread everything here happens.</summary>
    public EventLoop Loop { get; }

    /// <summary>True once closed.</summary>
    public bool IsClosed => _descriptor.Number < 0;

    /// <summary>The descriptor's number; −1 once closed.</summary>
    public int Number => _descriptor.Number;

    internal int Slot { get; set; } = -1;

    /// <summary>Closes the descriptor and wakes whoever waits on it.</summary>
    public void Dispose()
    {
        if (!IsClosed)
        {
            Loop.Forget(this);
            _descriptor.Dispose();
            OnClosed();
        }
    }

    /// <summary>Gives the descriptor away, open: this object is as good as closed, and whoever waits on it is woken.</summary>
    /// <remarks>Also for handing it to another process: were it only closed here, the kernel would go on reporting what happens there.</remarks>
    /// <returns>Null when it is closed, as it is from the start when the kernel refused to watch it.</returns>
    public Descriptor? Detach()
    {
        if (IsClosed)
        {
            return null;
        }

        Loop.Release(this);
        var given = new Descriptor(_descriptor.Release());
        OnClosed();
        return given;
    }

    internal abstract void OnReady(Readiness ready);

    private protected abstract void OnClosed();

    private protected void StartWatching(Readiness interest)
    {
        var result = Loop.Watch(this, interest);
        if (result.Failed)
        {
            // Out of kernel memory or watches: the caller's accept or connect path turns this into a refusal.
            Dispose();
        }
    }
}
