using System.Text;

namespace Postern.Sasl;

/// <summary>EXTERNAL (RFC 4422, appendix A): who the client is was shown by its certificate, and the message names at most whom to act as.</summary>
/// <param name="holder">Whom the certificate belongs to, or null.</param>
public sealed class ExternalExchange(Login? holder) : SaslExchange
{
    /// <inheritdoc/>
    public override SaslStep Next(ReadOnlySpan<byte> message)
    {
        if (message.Contains((byte)0)) return SaslStep.Fail(SaslFailure.Malformed);
        if (holder is null) return SaslStep.Fail(SaslFailure.Refused);
        return PasswordCheck.IsOwn(message, Encoding.UTF8.GetBytes(holder.Name)) ? SaslStep.Succeed(holder) : SaslStep.Fail(SaslFailure.NotAuthorized);
    }
}
