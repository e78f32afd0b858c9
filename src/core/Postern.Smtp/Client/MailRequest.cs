using Postern.Mail;

namespace Postern.Smtp;

/// <summary>What our client says with MAIL.</summary>
public readonly ref struct MailRequest
{
    /// <summary>The sender, or null for the null path.</summary>
    public Mailbox? Sender { get; init; }

    /// <summary>The bytes of the message, or 0 when they are not known.</summary>
    public ulong Size { get; init; }

    /// <summary>Whether the content has eight-bit bytes.</summary>
    public BodyType Body { get; init; }

    /// <summary>Whether the message needs SMTPUTF8.</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>Whether the message may go only where REQUIRETLS holds, and the session is such that this can be said.</summary>
    public bool RequireTls { get; init; }

    /// <summary>RET as the sender asked.</summary>
    public ReturnContent Return { get; init; }

    /// <summary>ENVID as the sender gave it, in xtext; or empty.</summary>
    public ReadOnlySpan<byte> EnvelopeId { get; init; }
}
