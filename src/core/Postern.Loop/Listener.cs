using Postern.Posix;
using Postern.Posix.Polling;
using Postern.Posix.Sockets;

namespace Postern.Loop;

/// <summary>Accepts connections on an inherited listening socket.</summary>
public sealed class Listener : WatchedDescriptor, ITurnEnd
{
    /// <summary>Connections taken per wake-up, so that a flood of new ones does not starve those that talk.</summary>
    private const int MaxPerWakeUp = 64;

    /// <summary>How long accepting pauses when the system has no more for it: long enough not to spin, short enough not to be felt.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);

    private readonly Action<Descriptor, SocketAddress> _accepted;
    private readonly Action<int> _starved;
    private readonly LoopTimer _again;
    private bool _isStarved;

    /// <summary>Starts accepting.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="descriptor">A listening socket.</param>
    /// <param name="accepted">Gets each connection with its peer's address and owns it from then on.</param>
    /// <param name="starved">Told the errno when accepting begins to pause.</param>
    public Listener(EventLoop loop, Descriptor descriptor, Action<Descriptor, SocketAddress> accepted, Action<int> starved)
        : base(loop, descriptor)
    {
        _accepted = accepted;
        _starved = starved;
        _again = loop.CreateTimer(AcceptWaiting);
        StartWatching(Readiness.Readable);
    }

    void ITurnEnd.OnTurnEnd() => AcceptWaiting();

    internal override void OnReady(Readiness ready)
    {
        // Each that knocks during a pause would only be one more failure.
        if (!_again.IsSet)
        {
            AcceptWaiting();
        }
    }

    private protected override void OnClosed() => _again.Unset();

    private void AcceptWaiting()
    {
        for (var i = 0; i < MaxPerWakeUp && !IsClosed; i++)
        {
            var result = Socket.Accept(Number, out var connection, out var peer);
            if (result.WouldBlock)
            {
                return;
            }

            // But for the peer's own end all that fails here would fail again at once: out of descriptors or memory, or closed by others.
            if (result.Failed && result.Error is not (Errno.Interrupted or Errno.ConnectionAborted))
            {
                if (!_isStarved)
                {
                    _starved(result.Error);
                }

                _isStarved = true;
                _again.Set(_pause);
                return;
            }

            if (connection is not null)
            {
                _isStarved = false;
                _accepted(connection, peer!);
            }
        }

        // More may wait: those that talk come first.
        Loop.AtTurnEnd(this);
    }
}
