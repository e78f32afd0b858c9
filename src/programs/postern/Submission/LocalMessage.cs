using Postern.Mail;

namespace Postern.CommandLine.Submission;

/// <summary>What a local program wants to have sent, but for its content.</summary>
internal sealed record LocalMessage
{
    /// <summary>The envelope's sender; null is the null sender.</summary>
    internal required Mailbox? Sender { get; init; }

    /// <summary>The address of the calling user, for a From field when the sender is null.</summary>
    internal required Mailbox Caller { get; init; }

    /// <summary>The calling user.</summary>
    internal required uint Uid { get; init; }

    /// <summary>The recipients that were named as arguments.</summary>
    internal IReadOnlyList<Mailbox> Recipients { get; init; } = [];

    /// <summary>True when those of To, Cc and Bcc are recipients, too, and Bcc is taken out.</summary>
    internal bool ReadRecipients { get; init; }

    /// <summary>The name for a From field that is missing.</summary>
    internal string FullName { get; init; } = string.Empty;

    /// <summary>ENVID in xtext, or empty.</summary>
    internal byte[] EnvelopeId { get; init; } = [];

    /// <summary>RET.</summary>
    internal ReturnContent Return { get; init; }

    /// <summary>NOTIFY for every recipient.</summary>
    internal NotifyOn Notify { get; init; }

    /// <summary>BODY. Nothing is declared unless the caller does: undeclared 8-bit content passes as it is.</summary>
    internal BodyType Body { get; init; }
}
