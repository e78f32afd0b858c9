namespace Postern.Sasl;

/// <summary>EXTERNAL (RFC 4422, appendix A): who the client is was shown by its certificate, and the message names at most whom to act as.</summary>
/// <param name="name">The account that the certificate belongs to, or null.</param>
public sealed class ExternalExchange(string? name) : SaslExchange
{
    /// <inheritdoc/>
    public override SaslStep Next(ReadOnlySpan<byte> message)
    {
        if (message.Contains((byte)0)) return SaslStep.Fail(SaslFailure.Malformed);
        if (name is null) return SaslStep.Fail(SaslFailure.Refused);
        return PasswordCheck.IsOwn(message, System.Text.Encoding.UTF8.GetBytes(name))
            ? SaslStep.Succeed(new Login(name, ""))
            : SaslStep.Fail(SaslFailure.NotAuthorized);
    }
}
