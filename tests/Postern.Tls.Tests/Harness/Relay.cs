using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Tls.Sessions;

namespace Postern.Tls.Harness;

/// <summary>Somebody on the line between a client and a session of ours, who passes on what and when he likes.</summary>
internal sealed class Relay : IDisposable
{
    private readonly Descriptor _nearClient;
    private readonly Descriptor _nearServer;
    private readonly Descriptor _server;

    public Relay(TlsServer service, ClientManner? manner = null)
    {
        Assert.False(Socket.OpenPair(packets: false, out var client, out var nearClient).Failed);
        Assert.False(Socket.OpenPair(packets: false, out var nearServer, out var server).Failed);
        (_nearClient, _nearServer, _server) = (nearClient!, nearServer!, server!);
        Client = new TestClient(client!, manner ?? new ClientManner());
        Server = new TlsSession(service, _server.Number);
    }

    public TestClient Client { get; }

    public TlsSession Server { get; }

    /// <summary>Passes on at most so many octets of what the client has sent, changed if need be; returns how many.</summary>
    public int ToServer(int most, Action<byte[]>? change = null) => Pass(_nearClient, _nearServer, most, change);

    /// <summary>Passes on all that the server has sent.</summary>
    public int ToClient() => Pass(_nearServer, _nearClient, int.MaxValue, null);

    /// <summary>Sends octets of his own to the server.</summary>
    public void Inject(ReadOnlySpan<byte> bytes) => Assert.Equal(bytes.Length, Socket.Send(_nearServer.Number, bytes).Value);

    /// <summary>Cuts the line to the server.</summary>
    public void CutClient() => _nearServer.Dispose();

    /// <summary>Runs the handshake.</summary>
    /// <param name="octets">So many at a time.</param>
    public TlsStatus Agree(int octets = int.MaxValue)
    {
        var status = TlsStatus.WantsRead;
        while (status == TlsStatus.WantsRead || !Client.IsReady)
        {
            Client.Step();
            var moved = ToServer(octets);
            status = status == TlsStatus.WantsRead ? Server.Handshake() : status;
            if (moved + ToClient() == 0 && (status == TlsStatus.Failed || Client.Failure != 0))
            {
                Client.Step();
                return status;
            }
        }

        return status;
    }

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
        _nearClient.Dispose();
        _nearServer.Dispose();
        _server.Dispose();
    }

    private static int Pass(Descriptor from, Descriptor to, int most, Action<byte[]>? change)
    {
        var buffer = new byte[Math.Min(most, 200_000)];
        var got = Socket.Receive(from.Number, buffer);
        if (got.Failed)
        {
            return 0;
        }

        buffer = buffer[..got.Value];
        change?.Invoke(buffer);
        Assert.Equal(buffer.Length, Socket.Send(to.Number, buffer).Value);
        return buffer.Length;
    }
}
