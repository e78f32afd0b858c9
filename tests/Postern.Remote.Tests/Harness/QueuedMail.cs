using Postern.Mail;

namespace Postern.Remote.Tests.Harness;

/// <summary>A message as the queue hands it over.</summary>
internal sealed record QueuedMail
{
    internal string Content { get; init; } = "Subject: test\r\n\r\nHello\r\n";

    internal string Sender { get; init; } = "from@example.org";

    internal string EnvelopeId { get; init; } = string.Empty;

    internal ReturnContent Return { get; init; }

    internal BodyType Body { get; init; }

    internal Handling Handling { get; init; }

    /// <summary>NOTIFY of every recipient.</summary>
    internal NotifyOn Notify { get; init; }

    /// <summary>ORCPT of every recipient.</summary>
    internal string Original { get; init; } = string.Empty;
}
