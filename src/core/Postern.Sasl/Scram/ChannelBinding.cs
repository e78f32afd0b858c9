namespace Postern.Sasl;

/// <summary>What ties an exchange to the TLS connection that it runs in (RFC 5929, RFC 9266).</summary>
/// <param name="TlsServerEndPoint">The hash of the server's certificate; empty when there is none.</param>
/// <param name="TlsExporter">32 bytes of keying material; empty when the connection has none.</param>
public readonly record struct ChannelBinding(ReadOnlyMemory<byte> TlsServerEndPoint, ReadOnlyMemory<byte> TlsExporter)
{
    /// <summary>True when a mechanism with a binding can be offered.</summary>
    public bool Exists => !TlsServerEndPoint.IsEmpty || !TlsExporter.IsEmpty;

    /// <summary>The bytes of a kind of binding; empty for one that is unknown or that this connection does not have.</summary>
    /// <param name="name">The registered name, as the client wrote it.</param>
    internal ReadOnlySpan<byte> Of(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("tls-server-end-point"u8) ? TlsServerEndPoint.Span
        : name.SequenceEqual("tls-exporter"u8) ? TlsExporter.Span
        : default;
}
