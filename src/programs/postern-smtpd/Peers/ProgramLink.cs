using System.Runtime.CompilerServices;
using Postern.Ipc;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;
using Postern.Role.Logging;

namespace Postern.Smtpd.Peers;

/// <summary>The line to one other program, which may die and come back on a new channel at any time.</summary>
internal abstract class ProgramLink : IChannelEvents
{
    /// <summary>How long a session waits for a program that is being restarted: a restart takes well under a second.</summary>
    internal static readonly TimeSpan RestartPatience = TimeSpan.FromSeconds(5);

    private readonly EventLoop _loop;
    private readonly EventLog _log;
    private readonly string _program;
    private readonly List<TimedWait> _waiting = [];

    private protected ProgramLink(EventLoop loop, EventLog log, string program) => (_loop, _log, _program) = (loop, log, program);

    /// <summary>Puts somebody before us who sees the end of a channel, too.</summary>
    internal Func<IChannelEvents, IChannelEvents> Watch { get; set; } = self => self;

    /// <summary>The channel in force; null while there is none.</summary>
    private protected Channel? Channel { get; private set; }

    private bool IsConnected => Channel is not null;

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
        WakeAll(_waiting);
    }

    /// <summary>Waits for a channel, if there is none.</summary>
    /// <returns>False when none came in time.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    internal async ValueTask<bool> ConnectedAsync(TimedWait wait)
    {
        if (IsConnected) return true;
        wait.Begin(RestartPatience);
        _waiting.Add(wait);
        while (!IsConnected && await wait.NextAsync())
        {
        }

        _waiting.Remove(wait);
        wait.End();
        return IsConnected;
    }

    /// <summary>A fresh channel is there.</summary>
    private protected virtual void OnConnected(Channel channel)
    {
    }

    /// <summary>The channel is gone: whatever was asked on it gets no answer.</summary>
    private protected abstract void OnLost();

    /// <summary>Wakes everyone in a list that the woken may change.</summary>
    private protected static void WakeAll(List<TimedWait> waiting)
    {
        foreach (var wait in waiting.ToArray()) wait.Wake();
    }
}
