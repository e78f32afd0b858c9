using Postern.Text;

namespace Postern.Mail;

/// <summary>How a message came in. The numbers are those of the queue's records.</summary>
public enum MailProtocol : byte
{
    /// <summary>Not said.</summary>
    Unknown,

    /// <summary>SMTP after HELO.</summary>
    Smtp,

    /// <summary>SMTP after EHLO.</summary>
    Esmtp,

    /// <summary>SMTP after EHLO, with SMTPUTF8 asked for (RFC 6531 §3.7.3).</summary>
    Utf8Smtp,

    /// <summary>LMTP (RFC 2033).</summary>
    Lmtp,

    /// <summary>LMTP with SMTPUTF8 asked for.</summary>
    Utf8Lmtp,

    /// <summary>Handed in by a user of this machine.</summary>
    Local,

    /// <summary>Made here: a notification.</summary>
    Internal,
}

/// <summary>Where a message came from, as far as we saw it ourselves.</summary>
/// <param name="Protocol">How it came in.</param>
/// <param name="Client">The peer's address; meaningless for Local and Internal.</param>
/// <param name="LocalUid">The user for Local, as the kernel told it.</param>
/// <param name="Encrypted">True when it came over TLS.</param>
/// <param name="Authenticated">True when the client had logged in.</param>
public readonly record struct MessageOrigin(
    MailProtocol Protocol, IpAddress Client = default, uint LocalUid = 0, bool Encrypted = false, bool Authenticated = false)
{
    /// <summary>True when the protocol has a client with an address.</summary>
    public bool HasClient => Protocol is >= MailProtocol.Smtp and <= MailProtocol.Utf8Lmtp;
}
