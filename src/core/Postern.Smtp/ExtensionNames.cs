namespace Postern.Smtp;

/// <summary>The keywords of the extensions in a reply to EHLO, for those who write it and those who read it.</summary>
internal static class ExtensionNames
{
    public static readonly (byte[] Name, SmtpExtensions Extension)[] All =
    [
        ("PIPELINING"u8.ToArray(), SmtpExtensions.Pipelining),
        ("SIZE"u8.ToArray(), SmtpExtensions.Size),
        ("8BITMIME"u8.ToArray(), SmtpExtensions.EightBitMime),
        ("SMTPUTF8"u8.ToArray(), SmtpExtensions.SmtpUtf8),
        ("DSN"u8.ToArray(), SmtpExtensions.Dsn),
        ("CHUNKING"u8.ToArray(), SmtpExtensions.Chunking),
        ("ENHANCEDSTATUSCODES"u8.ToArray(), SmtpExtensions.EnhancedStatusCodes),
        ("STARTTLS"u8.ToArray(), SmtpExtensions.StartTls),
        ("AUTH"u8.ToArray(), SmtpExtensions.Auth),
        ("LIMITS"u8.ToArray(), SmtpExtensions.Limits),
        ("REQUIRETLS"u8.ToArray(), SmtpExtensions.RequireTls),
        ("FUTURERELEASE"u8.ToArray(), SmtpExtensions.FutureRelease),
        ("HELP"u8.ToArray(), SmtpExtensions.Help),
    ];
}
