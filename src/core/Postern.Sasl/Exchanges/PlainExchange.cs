namespace Postern.Sasl;

/// <summary>PLAIN (RFC 4616): authorisation identity, name and password, parted by NUL, in one message.</summary>
/// <param name="accounts">Who may log in; null when somebody else has to judge.</param>
public sealed class PlainExchange(IAccounts? accounts) : SaslExchange
{
    /// <inheritdoc/>
    public override SaslStep Next(ReadOnlySpan<byte> message)
    {
        int first = message.IndexOf((byte)0);
        if (first < 0) return SaslStep.Fail(SaslFailure.Malformed);
        var identity = message[..first];
        message = message[(first + 1)..];
        int second = message.IndexOf((byte)0);
        if (second < 0 || message[(second + 1)..].Contains((byte)0)) return SaslStep.Fail(SaslFailure.Malformed);
        return PasswordCheck.Judge(accounts, identity, message[..second], message[(second + 1)..]);
    }
}
