using Postern.Posix;
using Postern.Tls.Sessions;

namespace Postern.Tls.Harness;

/// <summary>A client and a session of ours over a pair of sockets, on one thread.</summary>
internal sealed class TlsPair : IDisposable
{
    // Each turn is a step of both sides; a handshake takes three or four.
    private const int MaxTurns = 200;

    private readonly Descriptor _socket;

    public TlsPair(TlsServer service, ClientManner? manner = null)
    {
        Assert.False(Posix.Sockets.Socket.OpenPair(packets: false, out var client, out var server).Failed);
        _socket = server!;
        Client = new TestClient(client!, manner ?? new ClientManner());
        Server = new TlsSession(service, server!.Number);
    }

    public TestClient Client { get; }

    public TlsSession Server { get; }

    public TlsFacts Facts => Server.Facts!;

    /// <summary>Our side's socket.</summary>
    public int Socket => _socket.Number;

    /// <summary>Runs the handshake until both sides have it or one has given up.</summary>
    /// <returns>Where our side came to.</returns>
    public TlsStatus Agree()
    {
        var status = TlsStatus.WantsRead;
        for (var turn = 0; turn < MaxTurns && !(status == TlsStatus.Done && Client.IsReady); turn++)
        {
            Client.Step();
            if (status is TlsStatus.WantsRead or TlsStatus.WantsWrite)
            {
                status = Server.Handshake();
            }
            else if (Client.Failure != 0 || status == TlsStatus.Failed)
            {
                Client.Step();
                return status;
            }
        }

        return status;
    }

    /// <summary>Runs the handshake, which has to succeed.</summary>
    public TlsPair Agreed()
    {
        Assert.True(Agree() == TlsStatus.Done, $"{Server.Failure} {Client.Failure}");
        Assert.True(Client.IsReady);
        return this;
    }

    /// <summary>What our side reads, at most so many octets.</summary>
    public byte[] Read(out TlsStatus status, int most = 100_000)
    {
        var buffer = new byte[most];
        (status, var count) = Server.Read(buffer);
        return buffer[..count];
    }

    /// <summary>Sends a word there and back, so that tickets arrive, too.</summary>
    public TlsPair Exchanged()
    {
        Assert.Equal(4, Client.Write([1, 2, 3, 4]));
        Assert.Equal([1, 2, 3, 4], Read(out _));
        Assert.Equal(new TlsOutcome(TlsStatus.Done, 3), Server.Write([7, 8, 9]));
        Assert.Equal([7, 8, 9], Client.Read());
        return this;
    }

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
        _socket.Dispose();
    }
}
