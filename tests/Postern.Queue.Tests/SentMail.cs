using Postern.Mail;

namespace Postern.Queue.Tests;

/// <summary>A message that is handed in.</summary>
internal sealed record SentMail
{
    internal string Sender { get; init; } = "s@a.test";

    /// <summary>The content; "|" parts the pieces in which it comes.</summary>
    internal string Content { get; init; } = "Subject: t\r\n\r\nbody\r\n";

    internal NotifyOn Notify { get; init; }

    internal string Original { get; init; } = string.Empty;

    internal string EnvelopeId { get; init; } = string.Empty;

    internal ReturnContent Return { get; init; }

    internal Handling Handling { get; init; }

    /// <summary>Unix seconds; 0 is at once.</summary>
    internal uint Release { get; init; }
}
