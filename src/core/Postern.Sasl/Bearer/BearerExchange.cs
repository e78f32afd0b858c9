using System.Text;

namespace Postern.Sasl;

/// <summary>OAUTHBEARER (RFC 7628) and XOAUTH2: a token in one message. A token that does not hold is answered with a reason, which the client
/// acknowledges before the exchange fails.</summary>
/// <param name="tokens">Which tokens hold.</param>
/// <param name="isOld">True for XOAUTH2.</param>
public sealed class BearerExchange(ITokens tokens, bool isOld) : SaslExchange
{
    private SaslFailure _failure;

    /// <inheritdoc/>
    public override SaslStep Next(ReadOnlySpan<byte> message)
    {
        // Whatever comes instead of the acknowledgement: it is over.
        if (_failure != SaslFailure.None) return SaslStep.Fail(_failure);
        if (!(isOld ? BearerMessage.TryReadOld(message, out var read) : BearerMessage.TryRead(message, out read))) return SaslStep.Fail(SaslFailure.Malformed);
        Span<byte> identity = stackalloc byte[MaxMessage];
        int length = read.Identity.Length;
        if (length > identity.Length) return SaslStep.Fail(SaslFailure.Malformed);
        if (isOld) read.Identity.CopyTo(identity);
        else if (!ScramText.TryUnescape(read.Identity, identity, out length)) return SaslStep.Fail(SaslFailure.Malformed);
        if (!tokens.TryVerify(read.Token, out string? name)) return Explain(SaslFailure.Refused);
        return PasswordCheck.IsOwn(identity[..length], Encoding.UTF8.GetBytes(name))
            ? SaslStep.Succeed(new Login(name, ""))
            : Explain(SaslFailure.NotAuthorized);
    }

    private SaslStep Explain(SaslFailure failure)
    {
        _failure = failure;
        return SaslStep.Ask((isOld ? """{"status":"400","schemes":"Bearer"}"""u8 : """{"status":"invalid_token"}"""u8).ToArray());
    }
}
