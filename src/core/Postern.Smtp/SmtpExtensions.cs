namespace Postern.Smtp;

/// <summary>The service extensions that a server offers in its reply to EHLO and that matter here.</summary>
[Flags]
public enum SmtpExtensions : ushort
{
    /// <summary>Plain SMTP: what holds after HELO.</summary>
    None = 0,

    /// <summary>SIZE: declared message sizes (RFC 1870).</summary>
    Size = 1,

    /// <summary>PIPELINING: commands in groups (RFC 2920).</summary>
    Pipelining = 2,

    /// <summary>8BITMIME: content with eight-bit bytes (RFC 6152).</summary>
    EightBitMime = 4,

    /// <summary>SMTPUTF8: addresses and headers in UTF-8 (RFC 6531).</summary>
    SmtpUtf8 = 8,

    /// <summary>DSN: requests for delivery status notifications (RFC 3461).</summary>
    Dsn = 16,

    /// <summary>CHUNKING: content by count (RFC 3030).</summary>
    Chunking = 32,

    /// <summary>ENHANCEDSTATUSCODES: replies carry codes of RFC 3463 (RFC 2034).</summary>
    EnhancedStatusCodes = 64,

    /// <summary>STARTTLS: TLS on request (RFC 3207).</summary>
    StartTls = 128,

    /// <summary>AUTH: authentication (RFC 4954).</summary>
    Auth = 256,

    /// <summary>LIMITS: the server's limits on transactions (RFC 9422).</summary>
    Limits = 512,

    /// <summary>HELP: the command answers (RFC 5321 §4.1.1.8).</summary>
    Help = 1024,

    /// <summary>REQUIRETLS: a message for which TLS is required (RFC 8689).</summary>
    RequireTls = 2048,

    /// <summary>FUTURERELEASE: messages that are held back for a while (RFC 4865).</summary>
    FutureRelease = 4096,
}
