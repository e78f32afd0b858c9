namespace Postern.Sasl;

/// <summary>PLAIN (RFC 4616), by a client: it says all in its first message.</summary>
/// <param name="credentials">By what to log in.</param>
public sealed class PlainClientExchange(ClientCredentials credentials) : ClientExchange
{
    /// <inheritdoc/>
    public override SaslMechanism Mechanism => SaslMechanism.Plain;

    /// <inheritdoc/>
    public override byte[]? Initial => [0, .. credentials.Name, 0, .. credentials.Password];

    /// <inheritdoc/>
    public override bool IsSatisfied => true;

    /// <inheritdoc/>
    public override byte[]? Answer(ReadOnlySpan<byte> challenge) => null;
}
