namespace Postern.Sasl;

/// <summary>The client's side of one attempt to log in. It holds the state between two messages, and is used once.</summary>
/// <remarks>The server was verified before, but it is a stranger: whatever it says, an exchange ends after a few messages.</remarks>
public abstract class ClientExchange
{
    /// <summary>The mechanism.</summary>
    public abstract SaslMechanism Mechanism { get; }

    /// <summary>What is said along with the mechanism's name; null where the server speaks first.</summary>
    public virtual byte[]? Initial => null;

    /// <summary>True when a server that says yes now is to be believed: it has shown all that the mechanism has it show.</summary>
    public abstract bool IsSatisfied { get; }

    /// <summary>Answers a challenge.</summary>
    /// <param name="challenge">Decoded.</param>
    /// <returns>The answer, which may be empty; null when the challenge can't be right, and the exchange has come to nothing.</returns>
    public abstract byte[]? Answer(ReadOnlySpan<byte> challenge);

    /// <summary>The best that both sides have: one that does not say the password before one that does; null when there is none.</summary>
    /// <param name="offers">Says whether the server offers a mechanism.</param>
    /// <param name="credentials">By what to log in.</param>
    /// <param name="binding">The connection's; <c>default</c> when it has none.</param>
    /// <param name="nonce">As for <see cref="ScramClientExchange"/>.</param>
    public static ClientExchange? Choose(Func<SaslMechanism, bool> offers, ClientCredentials credentials, ChannelBinding binding, ReadOnlySpan<byte> nonce)
    {
        ArgumentNullException.ThrowIfNull(offers);
        return binding.Exists && offers(SaslMechanism.ScramSha256Plus) ? new ScramClientExchange(credentials, binding, isPlus: true, nonce)
            : offers(SaslMechanism.ScramSha256) ? new ScramClientExchange(credentials, binding, isPlus: false, nonce)
            : offers(SaslMechanism.Plain) ? new PlainClientExchange(credentials)
            : offers(SaslMechanism.Login) ? new LoginClientExchange(credentials)
            : null;
    }
}
