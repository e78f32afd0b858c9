namespace Postern.Sasl;

/// <summary>LOGIN, by a client: name and password, one after the other, whatever words the server asks for them with.</summary>
/// <param name="credentials">By what to log in.</param>
public sealed class LoginClientExchange(ClientCredentials credentials) : ClientExchange
{
    private int _said;

    /// <inheritdoc/>
    public override SaslMechanism Mechanism => SaslMechanism.Login;

    /// <inheritdoc/>
    public override bool IsSatisfied => _said == 2;

    /// <inheritdoc/>
    public override byte[]? Answer(ReadOnlySpan<byte> challenge) => _said++ switch
    {
        0 => credentials.Name.ToArray(),
        1 => credentials.Password.ToArray(),
        _ => null,
    };
}
