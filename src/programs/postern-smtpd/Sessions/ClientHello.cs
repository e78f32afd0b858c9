using Postern.Smtp;

namespace Postern.Smtpd.Sessions;

/// <summary>How the client introduced itself.</summary>
/// <param name="Name">What it calls itself, one harmless token.</param>
/// <param name="IsExtended">True after EHLO and LHLO.</param>
/// <param name="Known">The extensions whose parameters it may use: those that it was told of, and REQUIRETLS.</param>
internal sealed record ClientHello(byte[] Name, bool IsExtended, SmtpExtensions Known);
