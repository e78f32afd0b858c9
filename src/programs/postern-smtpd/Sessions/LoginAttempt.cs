namespace Postern.Smtpd.Sessions;

/// <summary>An AUTH command.</summary>
/// <param name="Mechanism">By which mechanism, as the client named it.</param>
/// <param name="Initial">The first message as it stood in the line, in base64; null when there was none.</param>
internal sealed record LoginAttempt(byte[] Mechanism, byte[]? Initial);
