using Postern.Ipc;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;
using Postern.Role.Logging;

namespace Postern.Smtpd.Peers;

/// <summary>The line to one other program, which may die and come back on a new channel at any time.</summary>
internal abstract class ProgramLink : IChannelEvents
{
    private readonly EventLoop _loop;
    private readonly EventLog _log;
    private readonly string _program;
    private readonly Arrivals _arrivals = new();

    private readonly Func<bool> _isConnected;

    private protected ProgramLink(EventLoop loop, EventLog log, string program)
    {
        (_loop, _log, _program) = (loop, log, program);
        _isConnected = () => Channel is not null;
    }

    /// <summary>Puts somebody before us who sees the end of a channel, too.</summary>
    internal Func<IChannelEvents, IChannelEvents> Watch { get; set; } = self => self;

    /// <summary>The channel in force; null while there is none.</summary>
    private protected Channel? Channel { get; private set; }

    /// <inheritdoc/>
    public abstract bool OnFrame(Channel channel, ushort type, ref FrameReader reader);

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        if (channel != Channel) return;
        _log.Warning("channel-lost").Word("peer", _program).Word("by", hostile ? "bad-frame" : "peer").Write();
        Channel = null;
        OnLost();
    }

    /// <summary>Takes a fresh channel; an older one is over.</summary>
    internal void Connect(Descriptor descriptor)
    {
        if (Channel is { } old)
        {
            Channel = null;
            old.Dispose();
            OnLost();
        }

        Channel = new Channel(_loop, descriptor, Watch(this));
        OnConnected(Channel);
        _arrivals.Tell();
    }

    /// <summary>Waits for a channel, if there is none.</summary>
    /// <returns>False when none came in time.</returns>
    internal ValueTask<bool> ConnectedAsync(TimedWait wait) => _arrivals.AwaitAsync(wait, _isConnected);

    /// <summary>A fresh channel is there.</summary>
    private protected virtual void OnConnected(Channel channel)
    {
    }

    /// <summary>The channel is gone: whatever was asked on it gets no answer.</summary>
    private protected abstract void OnLost();
}
