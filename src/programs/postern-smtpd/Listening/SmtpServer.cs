using Postern.Ipc.Slices;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Role.Logging;
using Postern.Smtp;
using Postern.Smtpd.Peers;
using Postern.Smtpd.Sessions;
using Postern.Smtpd.Settings;
using Postern.Smtpd.Transactions;
using Postern.Text;

namespace Postern.Smtpd.Listening;

/// <summary>Everything that the sessions share, and the sessions.</summary>
internal sealed class SmtpServer(EventLoop loop, EventLog log)
{
    private readonly HashSet<SmtpSession> _sessions = [];
    private readonly ClientCounts _clients = new();
    private SmtpdSettings? _settings;

    /// <summary>The loop.</summary>
    internal EventLoop Loop => loop;

    /// <summary>What the sessions log.</summary>
    internal SessionLog Log { get; } = new(log);

    /// <summary>The line to the directory.</summary>
    internal DirectoryLink Directory { get; } = new(loop, log);

    /// <summary>The line to the queue.</summary>
    internal QueueLink Queue { get; } = new(loop, log);

    /// <summary>The line to the program that does TLS.</summary>
    internal TlsLink Tls { get; } = new(loop, log);

    /// <summary>The line to the program that knows who may log in.</summary>
    internal LoginLink Logins { get; } = new(loop, log);

    /// <summary>How much each user has sent.</summary>
    internal SentCounts Sent { get; } = new(loop.Time);

    /// <summary>The configuration for sessions that begin now.</summary>
    internal SmtpdSettings Settings
    {
        get => _settings ?? throw new InvalidOperationException("Not configured.");
        set => _settings = value;
    }

    /// <summary>True once no session shall begin a further message.</summary>
    internal bool IsStopping { get; private set; }

    /// <summary>Sessions now.</summary>
    internal int SessionCount => _sessions.Count;

    /// <summary>True when most of the sessions are taken: strangers get less patience then, so that it stays possible to get in.</summary>
    internal bool IsCrowded => _sessions.Count >= Settings.Connections * 4L / 5;

    /// <summary>Called when the server was told to stop and its last session is over.</summary>
    internal Action? Emptied { get; set; }

    /// <summary>Begins a session, or turns the client away.</summary>
    internal void Accept(Descriptor descriptor, SocketAddress from, ServiceKind service)
    {
        var peer = new SessionPeer(from.Address, Socket.LocalAddress(descriptor.Number).Address, service, !from.IsUnix && Settings.IsTrusted(from.Address));
        var reply = IsStopping ? Replies.ShuttingDown
            : HasRoomFor(peer) ? null
            : Replies.TooManyConnections;
        if (reply is not null)
        {
            // At once and without a session: refusing must cost less than connecting.
            Log.TurnedAway(peer, reply);
            if (!peer.BeginsWithTls) _ = Socket.Send(descriptor.Number, reply.Wire);
            descriptor.Dispose();
            return;
        }

        _clients.Add(peer.Address);
        var session = new SmtpSession(this, new Connection(loop, descriptor), peer);
        _sessions.Add(session);
        loop.Adopt(session.RunAsync());
    }

    /// <summary>A tenth of the sessions is kept for trusted clients, who have no share of their own.</summary>
    private bool HasRoomFor(SessionPeer peer) =>
        peer.IsTrusted
            ? _sessions.Count < Settings.Connections
            : _sessions.Count < Settings.Connections - (Settings.Connections / 10)
                && _clients.CountOf(peer.Address) < Settings.ConnectionsPerClient;

    /// <summary>Ends idle sessions now, the others after the message that they are at.</summary>
    internal void Stop()
    {
        IsStopping = true;
        foreach (var session in _sessions.ToArray()) session.Stop();
        if (_sessions.Count == 0) Emptied?.Invoke();
    }

    /// <summary>A session is over.</summary>
    internal void Ended(SmtpSession session)
    {
        _sessions.Remove(session);
        _clients.Remove(session.Peer.Address);
        if (IsStopping && _sessions.Count == 0) Emptied?.Invoke();
    }
}
