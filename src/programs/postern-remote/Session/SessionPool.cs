using System.Runtime.CompilerServices;
using Postern.Loop;
using Postern.Remote.Hops;

namespace Postern.Remote.Session;

/// <summary>A session's place among the idle ones.</summary>
/// <param name="session">The session.</param>
internal sealed class IdlePlace(SmtpClientSession session)
{
    /// <summary>Where it stands.</summary>
    internal LinkedListNode<SmtpClientSession> Node { get; } = new(session);

    /// <summary>Ends its idle time.</summary>
    internal LoopTimer? Timer { get; set; }
}

/// <summary>Counts connections, keeps the idle ones for the next message to the same hop, and makes the rest wait their turn.</summary>
internal sealed class SessionPool(EventLoop loop) : ITurnEnd
{
    private readonly Dictionary<Hop, List<SmtpClientSession>> _idle = [];
    private readonly LinkedList<SmtpClientSession> _byIdleTime = [];
    private readonly Queue<Signal> _waiting = new();
    private bool _wakes;

    /// <summary>Connections at one time, idle ones included.</summary>
    internal int MaxSessions { get; set; } = 1;

    /// <summary>How long an idle connection is kept.</summary>
    internal TimeSpan IdleTime { get; set; }

    /// <summary>Connections that stand or are being opened.</summary>
    internal int Open { get; private set; }

    /// <summary>Connections that wait for a message.</summary>
    internal int Idle => _byIdleTime.Count;

    /// <summary>Waits for a connection to the hop; null is the right to open one. Either is given back in the end.</summary>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    internal async ValueTask<SmtpClientSession?> TakeAsync(Hop hop)
    {
        // Those who wait already come first.
        SmtpClientSession? session = null;
        var taken = _waiting.Count == 0 && TryTake(hop, out session);
        while (!taken)
        {
            var turn = new Signal();
            _waiting.Enqueue(turn);
            await turn.WaitAsync();
            taken = TryTake(hop, out session);
        }

        return session;
    }

    /// <summary>Takes a session back; kept while it is good for another message.</summary>
    internal void GiveBack(SmtpClientSession session)
    {
        if (!session.IsReusable || IdleTime == TimeSpan.Zero)
        {
            session.Quit();
            Release();
            return;
        }

        if (!_idle.TryGetValue(session.Hop, out var sessions))
        {
            _idle[session.Hop] = sessions = [];
        }

        sessions.Add(session);
        _byIdleTime.AddLast(session.Idle.Node);
        session.Idle.Timer ??= loop.CreateTimer(() => EndIdle(session));
        session.Idle.Timer.Set(IdleTime);
        WakeNext();
    }

    /// <summary>Takes the right to a connection back.</summary>
    internal void Release()
    {
        Open--;
        WakeNext();
    }

    /// <summary>Says goodbye to every idle server.</summary>
    internal void CloseIdle()
    {
        while (_byIdleTime.First is { } first)
        {
            EndIdle(first.Value);
        }
    }

    private bool TryTake(Hop hop, out SmtpClientSession? session)
    {
        while (_idle.TryGetValue(hop, out var sessions))
        {
            // The one used last: the others may time out meanwhile.
            session = sessions[^1];
            Remove(session);
            if (session.IsStillQuiet())
            {
                return true;
            }

            session.Dispose();
            Open--;
        }

        session = null;
        if (Open >= MaxSessions && _byIdleTime.First is { } oldest)
        {
            Remove(oldest.Value);
            oldest.Value.Quit();
            Open--;
        }

        if (Open >= MaxSessions)
        {
            return false;
        }

        Open++;
        return true;
    }

    // The timer is only moved while the session works: it may come too early, for one that is not idle.
    private void EndIdle(SmtpClientSession session)
    {
        if (Remove(session))
        {
            session.Quit();
            Release();
        }
    }

    private bool Remove(SmtpClientSession session)
    {
        if (!_idle.TryGetValue(session.Hop, out var sessions) || !sessions.Remove(session))
        {
            return false;
        }

        if (sessions.Count == 0)
        {
            _idle.Remove(session.Hop);
        }

        _byIdleTime.Remove(session.Idle.Node);
        return true;
    }

    /// <inheritdoc/>
    void ITurnEnd.OnTurnEnd()
    {
        _wakes = false;
        for (var waiting = _waiting.Count; waiting > 0 && (Open < MaxSessions || Idle > 0); waiting--)
        {
            _waiting.Dequeue().Set();
        }
    }

    // At the end of the turn: a row of attempts that fail at once must not run one inside the other.
    private void WakeNext()
    {
        if (!_wakes && _waiting.Count > 0)
        {
            _wakes = true;
            loop.AtTurnEnd(this);
        }
    }
}
