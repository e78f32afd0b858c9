namespace Postern.Mail;

/// <summary>Who gets a message and who hears of its fate: what MAIL and RCPT said (RFC 5321 §2.3.1).</summary>
public sealed class Envelope
{
    /// <summary>The longest envelope id as xtext (RFC 3461 §4.4).</summary>
    public const int MaxEnvelopeId = 100;

    /// <summary>The sender, or null for "&lt;&gt;".</summary>
    public required Mailbox? Sender { get; init; }

    /// <summary>ENVID as it was given, in xtext; empty when none was.</summary>
    public ReadOnlyMemory<byte> EnvelopeId { get; init; }

    /// <summary>RET.</summary>
    public ReturnContent ReturnContent { get; init; }

    /// <summary>BODY.</summary>
    public BodyType Body { get; init; }

    /// <summary>True when SMTPUTF8 was asked for: the content may have UTF-8 in its headers.</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>The recipients; at least one in a message that is queued.</summary>
    public required IReadOnlyList<EnvelopeRecipient> Recipients { get; init; }
}

/// <summary>One recipient of a message.</summary>
public sealed class EnvelopeRecipient
{
    /// <summary>The longest original recipient, "type;xtext" (RFC 3461 §4.2).</summary>
    public const int MaxOriginalRecipient = 500;

    /// <summary>Where the message goes.</summary>
    public required Mailbox Mailbox { get; init; }

    /// <summary>NOTIFY.</summary>
    public NotifyOn NotifyOn { get; init; }

    /// <summary>ORCPT as it was given, "type;xtext"; empty when none was.</summary>
    public ReadOnlyMemory<byte> OriginalRecipient { get; init; }

    /// <summary>What we know of it.</summary>
    public RecipientFlags Flags { get; init; }
}
