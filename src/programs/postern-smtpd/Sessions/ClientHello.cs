using Postern.Smtp;
using Postern.Smtpd.Settings;

namespace Postern.Smtpd.Sessions;

/// <summary>How the client introduced itself.</summary>
/// <param name="Name">What it calls itself, one harmless token.</param>
/// <param name="IsExtended">True after EHLO and LHLO.</param>
internal sealed record ClientHello(byte[] Name, bool IsExtended)
{
    /// <summary>The extensions that the client was told of.</summary>
    internal SmtpExtensions Offered => IsExtended ? StandingReplies.Offered : SmtpExtensions.None;
}
