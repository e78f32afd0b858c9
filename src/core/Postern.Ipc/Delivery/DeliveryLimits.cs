namespace Postern.Ipc.Delivery;

/// <summary>How long the parts of an attempt may be in frames.</summary>
public static class DeliveryLimits
{
    /// <summary>Recipients in one attempt: as many as RFC 5321 §4.5.3.1.8 demands of every server in one transaction.</summary>
    public const int MaxRecipients = 100;

    /// <summary>A domain (255 octets), a socket path (107) or a mailbox folder of a domain and a user.</summary>
    public const int MaxDestination = 340;

    /// <summary>A host name (255 octets) with an address behind it.</summary>
    public const int MaxHost = 320;

    /// <summary>The words of a remote server that are kept (attacks I1, K5).</summary>
    public const int MaxText = 512;

    /// <summary>The mail exchangers of a domain: most have a few names; those with more keep a pace of their own. Arbitrary.</summary>
    public const int MaxExchangers = 1024;
}

/// <summary>What kind of next hop an attempt goes to.</summary>
public enum HopKind
{
    /// <summary>This host's own mailboxes and aliases.</summary>
    Local = 0,

    /// <summary>The mail exchangers of a domain (RFC 5321 §5).</summary>
    Exchangers = 1,

    /// <summary>A configured host and port, by SMTP.</summary>
    Host = 2,

    /// <summary>A configured host and port, by LMTP.</summary>
    LmtpHost = 3,

    /// <summary>A configured Unix socket, by LMTP.</summary>
    LmtpSocket = 4,

    /// <summary>A configured host and port, by SMTP within TLS from the first byte (RFC 8314 §3.3).</summary>
    TlsHost = 5,
}
