namespace Postern.Sasl;

/// <summary>LOGIN, never more than a draft (draft-murchison-sasl-login): a name, then a password.</summary>
/// <param name="accounts">Who may log in; null when somebody else has to judge.</param>
public sealed class LoginExchange(IAccounts? accounts) : SaslExchange
{
    private byte[]? _name;

    /// <inheritdoc/>
    /// <remarks>Some clients look for these very words.</remarks>
    public override ReadOnlyMemory<byte> Invitation { get; } = "Username:"u8.ToArray();

    /// <inheritdoc/>
    public override SaslStep Next(ReadOnlySpan<byte> message)
    {
        if (message.Contains((byte)0)) return SaslStep.Fail(SaslFailure.Malformed);
        if (_name is { } name) return PasswordCheck.Judge(accounts, default, name, message);
        _name = message.ToArray();
        return SaslStep.Ask("Password:"u8.ToArray());
    }
}
