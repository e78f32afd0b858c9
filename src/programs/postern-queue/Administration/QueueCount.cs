using Postern.Queue.Records;

namespace Postern.Queue.Administration;

/// <summary>Counts recipients that are not done, those of them that are deferred and held, and finds the oldest message's arrival.</summary>
internal sealed class QueueCount(QueueCore core)
{
    /// <summary>Recipients that are not done.</summary>
    internal ulong Open { get; private set; }

    /// <summary>Those that wait for a moment.</summary>
    internal ulong Deferred { get; private set; }

    /// <summary>Those that an administrator keeps.</summary>
    internal ulong Held { get; private set; }

    /// <summary>When the oldest message arrived; 0 without any.</summary>
    internal long Oldest { get; private set; }

    /// <summary>Takes a message into account.</summary>
    /// <returns>True: the next one is to be counted, too.</returns>
    internal bool Take(int message)
    {
        ref var entry = ref core.Table.Messages[message];
        Oldest = Math.Min(Oldest == 0 ? core.Now : Oldest, entry.Arrived);
        for (var index = entry.FirstRecipient; index < entry.EndOfRecipients; index++)
        {
            ref var recipient = ref core.Table.Recipients[index];
            if (recipient.State != RecipientState.Done)
            {
                Open++;
                Held += recipient.Held ? 1U : 0;
                Deferred += !recipient.Held && core.WaitsUntil(recipient) > 0 ? 1U : 0;
            }
        }

        return true;
    }
}
