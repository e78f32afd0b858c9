using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Tls.Sessions;

namespace Postern.Tls.Harness;

/// <summary>Both ends of ours over a pair of sockets, on one thread.</summary>
internal sealed class ClientPair : IDisposable
{
    private const int MaxTurns = 50;

    private readonly Descriptor _near;
    private readonly Descriptor _far;

    public ClientPair(TlsServer service, TlsClient client, TlsExpectation expectation)
    {
        Assert.False(Socket.OpenPair(packets: false, out var near, out var far).Failed);
        (_near, _far) = (near!, far!);
        Client = new TlsSession(client, expectation, _near.Number);
        Server = new TlsSession(service, _far.Number);
    }

    public TlsSession Client { get; }

    public TlsSession Server { get; }

    /// <summary>Runs the handshake, which has to succeed; what our client found out.</summary>
    public TlsFacts Agreed()
    {
        TlsStatus near = TlsStatus.WantsRead, far = TlsStatus.WantsRead;
        for (var turn = 0; turn < MaxTurns && (near != TlsStatus.Done || far != TlsStatus.Done); turn++)
        {
            near = Client.Handshake();
            far = Server.Handshake();
        }

        Assert.True((near, far) == (TlsStatus.Done, TlsStatus.Done), $"{Client.Failure} {Server.Failure}");
        return Client.Facts!;
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        _near.Dispose();
        _far.Dispose();
    }
}
