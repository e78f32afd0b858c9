using Postern.Ipc.Securing;
using Postern.Keyholder.Certificates;
using Postern.Loop;
using Postern.Posix;
using Postern.Role.Logging;
using Postern.Text;

namespace Postern.Keyholder.Clients;

/// <summary>The clients, and what they share.</summary>
/// <param name="loop">The loop.</param>
/// <param name="log">The log.</param>
/// <param name="keys">The certificates.</param>
/// <param name="room">Clients at one time.</param>
internal sealed class ClientTable(EventLoop loop, EventLog log, KeyRing keys, int room)
{
    /// <summary>How long the sessions that run have once the program is told to stop: as long as posternd gives the whole server.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>Of the room, for one network. smtpd counts a client as long as its own session lasts, which a client can outstay here.</summary>
    private const int Shares = 4;

    private readonly HashSet<TlsClient> _clients = [];
    private readonly ClientCounts _networks = new();
    private bool _isStopping;

    /// <summary>Called when the program was told to stop and the last client is gone.</summary>
    internal required Action Emptied { get; init; }

    /// <summary>Clients now.</summary>
    internal int Count => _clients.Count;

    /// <summary>The loop.</summary>
    internal EventLoop Loop => loop;

    /// <summary>The log.</summary>
    internal EventLog Log => log;

    /// <summary>The certificates.</summary>
    internal KeyRing Keys => keys;

    /// <summary>Shares the processor between handshakes and sessions.</summary>
    internal HandshakeTurns Turns { get; } = new(loop);

    /// <summary>What is said to auth of clients' certificates.</summary>
    internal Vouchers Vouchers { get; } = new();

    /// <summary>What is on its way from one side to the other within one call, which never waits.</summary>
    internal byte[] Passing { get; } = new byte[BufferPool.Size];

    /// <summary>Begins with a client.</summary>
    internal void Take(HandOver asked, Descriptor client, Descriptor plain)
    {
        var ofNetwork = _networks.CountOf(asked.Client);
        if (_clients.Count >= room || ofNetwork >= Math.Max(room / Shares, 1))
        {
            log.Warning("no-room").Word("client", asked.Client.ToString()).Number("clients", _clients.Count).Number("network", ofNetwork).Write();
            client.Dispose();
            plain.Dispose();
            return;
        }

        var session = new TlsClient(this, asked, client, plain);
        _clients.Add(session);
        _networks.Add(asked.Client);
        loop.Adopt(session.RunAsync());
    }

    /// <summary>A client is gone.</summary>
    internal void Ended(TlsClient client)
    {
        _clients.Remove(client);
        _networks.Remove(client.Address);
        if (_isStopping && _clients.Count == 0)
        {
            Emptied();
        }
    }

    /// <summary>Lets the sessions end, but not for ever.</summary>
    internal void Stop()
    {
        _isStopping = true;
        if (_clients.Count == 0)
        {
            Emptied();
        }
        else
        {
            loop.CreateTimer(Emptied).Set(_patience);
        }
    }
}
