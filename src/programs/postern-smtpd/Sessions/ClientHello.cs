using Postern.Smtp;
using Postern.Smtpd.Settings;

namespace Postern.Smtpd.Sessions;

/// <summary>How the client introduced itself.</summary>
/// <param name="Name">What it calls itself, one harmless token.</param>
/// <param name="IsExtended">True after EHLO and LHLO.</param>
/// <param name="OffersAuth">True when it was told that it can log in.</param>
internal sealed record ClientHello(byte[] Name, bool IsExtended, bool OffersAuth)
{
    /// <summary>The extensions that the client was told of.</summary>
    internal SmtpExtensions Offered => !IsExtended ? SmtpExtensions.None : OffersAuth ? StandingReplies.Offered | SmtpExtensions.Auth : StandingReplies.Offered;
}
