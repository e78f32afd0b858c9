using Postern.Mail;

namespace Postern.Smtp;

/// <summary>What our client says with RCPT.</summary>
public readonly ref struct RcptRequest
{
    /// <summary>The recipient.</summary>
    public required Mailbox Recipient { get; init; }

    /// <summary>NOTIFY as the sender asked; Unspecified when it did not.</summary>
    public NotifyOn NotifyOn { get; init; }

    /// <summary>ORCPT as the sender gave it, its type included; or empty.</summary>
    public ReadOnlySpan<byte> OriginalRecipient { get; init; }
}
