using Postern.Ipc.Logins;

namespace Postern.Smtpd.Sessions;

/// <summary>An AUTH command.</summary>
/// <param name="Mechanism">By which mechanism.</param>
/// <param name="Initial">The first message as it stood in the line, in base64; null when there was none.</param>
internal sealed record LoginAttempt(LoginMechanism Mechanism, byte[]? Initial);
