using Postern.Ipc;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Role.Logging;

namespace Postern.Role;

/// <summary>Ends a program when a channel to a partner is over and posternd brings no other: only a start wires it anew.</summary>
/// <remarks>
/// A channel ends because the partner died, and then a fresh one comes with its successor; or because one of the two took
/// the other for hostile, and then both live on and nobody would ever connect them again. Of every pair one gives way: the
/// one that watches the channel here (docs/ipc.md says which, and why it is never the queue). It waits first, also when it
/// closed the channel itself: ending at once over something that comes back at once would be fifteen deaths in a minute,
/// after which posternd gives the whole server up.
/// </remarks>
public sealed class StandingLinks
{
    /// <summary>
    /// How long a fresh channel is waited for. posternd starts a program that died after 8 seconds at the latest; and so
    /// few ends in two minutes are never too many for it.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Dictionary<ProgramName, Link> _links = [];
    private readonly EventLoop _loop;
    private readonly EventLog _log;
    private readonly Action<int> _finish;
    private bool _stopping;

    /// <summary>Makes them.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="log">The log.</param>
    /// <param name="finish">Ends the program with an exit code.</param>
    public StandingLinks(EventLoop loop, EventLog log, Action<int> finish) => (_loop, _log, _finish) = (loop, log, finish);

    /// <summary>Puts itself before whoever takes what comes on a channel that posternd made; an older one to the same partner counts no more.</summary>
    public IChannelEvents Watch(ProgramName peer, IChannelEvents events) => Add(new Link(this, peer, events));

    /// <summary>The same for a line that is no <see cref="Channel"/>.</summary>
    /// <returns>What is to be called when it is over.</returns>
    public Action Watch(ProgramName peer) => Add(new Link(this, peer, null)).Lose;

    /// <summary>The program was told to stop: its partners go, too.</summary>
    internal void Stop()
    {
        _stopping = true;
        foreach (var link in _links.Values)
        {
            link.Release();
        }
    }

    private Link Add(Link link)
    {
        if (_links.TryGetValue(link.Peer, out var old))
        {
            old.Release();
        }

        return _links[link.Peer] = link;
    }

    private void GiveUp(ProgramName peer)
    {
        _log.Error("link-dead").Word("peer", peer.ToString()).Write();
        _finish(ExitCode.Unavailable);
    }

    /// <summary>One channel.</summary>
    private sealed class Link(StandingLinks links, ProgramName peer, IChannelEvents? events) : IChannelEvents
    {
        private LoopTimer? _patience;
        private bool _released;

        internal ProgramName Peer => peer;

        public bool OnFrame(Channel channel, ushort type, ref FrameReader reader) => events?.OnFrame(channel, type, ref reader) == true;

        public void OnChannelClosed(Channel channel, bool hostile)
        {
            events?.OnChannelClosed(channel, hostile);
            Lose();
        }

        internal void Lose()
        {
            if (!_released && !links._stopping)
            {
                _patience = links._loop.CreateTimer(() => links.GiveUp(peer));
                _patience.Set(Patience);
            }
        }

        internal void Release()
        {
            _released = true;
            _patience?.Unset();
        }
    }
}
