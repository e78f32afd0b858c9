using Postern.Ipc.Administration;
using Postern.Mail;

namespace Postern.CommandLine.Server;

/// <summary>One recipient of a queued message, as the queue lists it.</summary>
internal sealed record QueueItem
{
    /// <summary>The message.</summary>
    internal required MessageId Message { get; init; }

    /// <summary>Its sender; empty is the null sender.</summary>
    internal required byte[] Sender { get; init; }

    /// <summary>The recipient.</summary>
    internal required byte[] Recipient { get; init; }

    /// <summary>How the recipient stands.</summary>
    internal required RecipientCondition Condition { get; init; }

    /// <summary>Attempts so far.</summary>
    internal required int Attempts { get; init; }

    /// <summary>Bytes of content.</summary>
    internal required ulong Size { get; init; }

    /// <summary>Unix seconds.</summary>
    internal required long Arrived { get; init; }

    /// <summary>Unix seconds; 0 when none is due.</summary>
    internal required long NextAttempt { get; init; }

    /// <summary>Where it goes next.</summary>
    internal required byte[] Destination { get; init; }

    /// <summary>What the last attempt said.</summary>
    internal required byte[] LastText { get; init; }

    /// <summary>Copies what a frame lends.</summary>
    internal static QueueItem Of(scoped in ItemFrame frame) => new()
    {
        Message = new MessageId(frame.Message),
        Sender = frame.Sender.ToArray(),
        Recipient = frame.Recipient.ToArray(),
        Condition = frame.Condition,
        Attempts = frame.Attempts,
        Size = frame.Size,
        Arrived = frame.Arrived,
        NextAttempt = frame.NextAttempt,
        Destination = frame.Destination.ToArray(),
        LastText = frame.LastText.ToArray(),
    };
}
