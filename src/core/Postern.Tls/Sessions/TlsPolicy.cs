namespace Postern.Tls.Sessions;

/// <summary>What a service asks of its sessions, besides what all of them have.</summary>
public sealed record TlsPolicy
{
    /// <summary>The service's name. Tickets carry it: one of another service is not taken.</summary>
    public required string Service { get; init; }

    /// <summary>The protocols that a client may name (ALPN, RFC 7301); one that names others alone is refused. A client may name none.</summary>
    /// <remarks>What a client meant for a web server must not be read by a mail server (ALPACA).</remarks>
    public IReadOnlyList<byte[]> Protocols { get; init; } = [];

    /// <summary>True to ask clients for a certificate. They may have none, and any will do: only its fingerprint is taken.</summary>
    public bool AsksForCertificate { get; init; }
}
