namespace Postern.Tls.Sessions;

/// <summary>What was agreed in a handshake.</summary>
public sealed record TlsFacts
{
    /// <summary>TLSv1.2 or TLSv1.3.</summary>
    public required string Version { get; init; }

    /// <summary>The suite, by its name in the registry.</summary>
    public required string Suite { get; init; }

    /// <summary>The name of the server that the client asked for (SNI): any octets but NUL, at most 255; empty for none.</summary>
    public byte[] ServerName { get; init; } = [];

    /// <summary>The protocol that was chosen (ALPN); empty for none.</summary>
    public byte[] Protocol { get; init; } = [];

    /// <summary>True when the session went on from an earlier one.</summary>
    public bool IsResumed { get; init; }

    /// <summary>The SHA-256 of the client's certificate; empty for none. Nobody vouches for it: it is to be looked up.</summary>
    public byte[] ClientFingerprint { get; init; } = [];

    /// <summary>The channel binding "tls-exporter" (RFC 9266); empty where it would not be safe.</summary>
    public byte[] Exporter { get; init; } = [];

    /// <summary>The channel binding "tls-server-end-point" (RFC 5929 §4); empty where it is not known for certain.</summary>
    public byte[] EndPoint { get; init; } = [];

    /// <summary>At the client's end: who the server is.</summary>
    public TlsVerdict Verdict { get; init; } = TlsVerdict.NotAsked;
}
