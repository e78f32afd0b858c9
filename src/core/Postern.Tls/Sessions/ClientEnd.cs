using Postern.Tls.Native;

namespace Postern.Tls.Sessions;

/// <summary>The client's end of one session.</summary>
internal sealed class ClientEnd(TlsClient client, TlsExpectation expectation) : ITlsEnd
{
    public nint FirstContext { get; } = client.ContextFor(expectation.Assurance);

    public void Enter()
    {
    }

    public int Handshake(nint session) => SslCalls.Handshake(session);

    public TlsFacts Read(nint session) => Agreement.OfClient(session, expectation.Assurance);

    // OpenSSL counts who holds a context, sessions included.
    public void Leave()
    {
    }
}
