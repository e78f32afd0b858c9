using Postern.Text;

namespace Postern.Mail;

/// <summary>What a notification reports of a recipient: the Action field of RFC 3464 §2.3.3. The numbers stand on the wire.</summary>
public enum NotifiedAction : byte
{
    /// <summary>Given up.</summary>
    Failed,

    /// <summary>Not yet delivered; still being tried.</summary>
    Delayed,

    /// <summary>Delivered.</summary>
    Delivered,

    /// <summary>Handed to a server that does not report further.</summary>
    Relayed,

    /// <summary>Delivered to a list, which does not report further.</summary>
    Expanded,
}

/// <summary>One recipient that a notification reports on.</summary>
public sealed class NotifiedRecipient
{
    private readonly byte[] _remoteHost = [];
    private readonly byte[] _text = [];

    /// <summary>What happened.</summary>
    public required NotifiedAction Action { get; init; }

    /// <summary>Where the message was to go.</summary>
    public required Mailbox Mailbox { get; init; }

    /// <summary>ORCPT as it was given, "type;xtext"; empty when none was.</summary>
    public ReadOnlyMemory<byte> OriginalRecipient { get; init; }

    /// <summary>The enhanced status.</summary>
    public required EnhancedStatus Status { get; init; }

    /// <summary>The host whose reply <see cref="Text"/> is, "mx.example.org [192.0.2.1]"; empty when we say it. Made plain here.</summary>
    public ReadOnlyMemory<byte> RemoteHost
    {
        get => _remoteHost;
        init => _remoteHost = PlainText.Of(value.Span, DeliveryResult.MaxRemoteHost);
    }

    /// <summary>Its reply, or our reason. Made plain here: a reply could hold anything (attack K5).</summary>
    public ReadOnlyMemory<byte> Text
    {
        get => _text;
        init => _text = PlainText.Of(value.Span, DeliveryResult.MaxText);
    }

    /// <summary>When it was last tried, or null.</summary>
    public DateTimeOffset? LastAttempt { get; init; }

    /// <summary>Until when it is tried again; null when it is not.</summary>
    public DateTimeOffset? RetryUntil { get; init; }
}
