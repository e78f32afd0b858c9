namespace Postern.Sasl;

/// <summary>The server's side of one attempt to log in. It holds the state between two messages, and is used once.</summary>
public abstract class SaslExchange
{
    /// <summary>The longest message of a client, decoded: what a line of 12,288 bytes holds (RFC 4954 §4).</summary>
    public const int MaxMessage = 9216;

    /// <summary>What the client is sent when it began without a message; empty where the mechanism has the client speak first.</summary>
    public virtual ReadOnlyMemory<byte> Invitation => default;

    /// <summary>Who has shown that he knows the password, while the exchange still waits for him to take our proof; null otherwise.</summary>
    public virtual Login? Proven => null;

    /// <summary>Takes the client's next message.</summary>
    /// <param name="message">Decoded; anything that a stranger can think of.</param>
    public abstract SaslStep Next(ReadOnlySpan<byte> message);
}
