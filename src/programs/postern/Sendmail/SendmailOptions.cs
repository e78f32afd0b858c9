using Postern.Mail;

namespace Postern.CommandLine.Sendmail;

/// <summary>What sendmail is called for.</summary>
internal enum SendmailMode
{
    /// <summary>A message is on standard input.</summary>
    Deliver,

    /// <summary>Lists the queue (-bp).</summary>
    List,

    /// <summary>Speaks SMTP on standard input and output (-bs).</summary>
    Session,

    /// <summary>Reads the aliases anew (-bi, -I).</summary>
    Aliases,

    /// <summary>Tries everything that waits (-q).</summary>
    Flush,
}

/// <summary>The options of sendmail as other programs give them.</summary>
internal sealed class SendmailOptions
{
    /// <summary>What to do.</summary>
    internal SendmailMode Mode { get; set; }

    /// <summary>-t: recipients stand in the header.</summary>
    internal bool ReadRecipients { get; set; }

    /// <summary>-i, -oi: a line with a dot does not end the message.</summary>
    internal bool IgnoreDots { get; set; }

    /// <summary>-f, -r: the envelope's sender; null when not given.</summary>
    internal string? Sender { get; set; }

    /// <summary>-F: the name in a From field that is missing.</summary>
    internal string FullName { get; set; } = string.Empty;

    /// <summary>-N: when the sender wants to hear of the fate (RFC 3461 §4.1).</summary>
    internal NotifyOn Notify { get; set; }

    /// <summary>-R: what comes back with a notification (RFC 3461 §4.3).</summary>
    internal ReturnContent Return { get; set; }

    /// <summary>-V: the sender's own id of the message (RFC 3461 §4.4).</summary>
    internal string EnvelopeId { get; set; } = string.Empty;

    /// <summary>-B: what the content is.</summary>
    internal BodyType Body { get; set; }

    /// <summary>The addresses.</summary>
    internal List<string> Recipients { get; } = [];
}
