namespace Postern.Tls.Sessions;

/// <summary>Whose end of a session it is, the server's or the client's, and what differs between them.</summary>
internal interface ITlsEnd
{
    /// <summary>The context that sessions begin with.</summary>
    nint FirstContext { get; }

    /// <summary>A handshake begins, which may ask for a context until it ends.</summary>
    void Enter();

    /// <summary>Goes on with the handshake; returns what OpenSSL says.</summary>
    int Handshake(nint session);

    /// <summary>Reads what a handshake that is done came to.</summary>
    TlsFacts Read(nint session);

    /// <summary>A handshake has ended: its session keeps its own hold on what it needs.</summary>
    void Leave();
}
