using Postern.Ipc.Administration;
using Postern.Ipc.Notices;
using Postern.Queue.Records;

namespace Postern.Queue.Administration;

/// <summary>What administrators do to queued messages: retry, flush, hold, release, remove.</summary>
internal sealed class QueueActs(QueueCore core)
{
    /// <summary>Does something to one message, to all of a destination, or to all.</summary>
    /// <param name="act">What.</param>
    /// <param name="id">The message, or 0.</param>
    /// <param name="destination">The destination as it is listed, or empty.</param>
    /// <returns>
    /// How many recipients it touched. What is being delivered is left alone, but for a hold, which counts from the end of
    /// the attempt on.
    /// </returns>
    internal int Do(QueueAct act, ulong id, string destination)
    {
        if (id != 0)
        {
            var message = core.Table.Find(id);
            return message < 0 ? 0 : DoMessage(act, message, destination);
        }

        var touched = 0;
        for (var message = 0; message < core.Table.Messages.Bound; message++)
        {
            touched += core.Table.Messages[message].Id != 0 ? DoMessage(act, message, destination) : 0;
        }

        return touched;
    }

    /// <summary>Counts recipients that are not done, those of them that are deferred and held, and finds the oldest message's arrival.</summary>
    internal (long Open, long Deferred, long Held, long Oldest) Count()
    {
        long open = 0;
        long deferred = 0;
        long held = 0;
        long oldest = 0;
        for (var message = 0; message < core.Table.Messages.Bound; message++)
        {
            ref var entry = ref core.Table.Messages[message];
            if (entry.Id == 0)
            {
                continue;
            }

            oldest = oldest == 0 ? entry.Arrived : Math.Min(oldest, entry.Arrived);
            for (var index = entry.FirstRecipient; index < entry.EndOfRecipients; index++)
            {
                ref var recipient = ref core.Table.Recipients[index];
                if (recipient.State == RecipientState.Done)
                {
                    continue;
                }

                open++;
                held += recipient.Held ? 1 : 0;
                deferred += !recipient.Held && core.WaitsUntil(recipient) > 0 ? 1 : 0;
            }
        }

        return (open, deferred, held, oldest);
    }

    private int DoMessage(QueueAct act, int message, string destination)
    {
        var touched = 0;
        ref var entry = ref core.Table.Messages[message];
        for (var index = entry.FirstRecipient; index < entry.EndOfRecipients; index++)
        {
            ref var recipient = ref core.Table.Recipients[index];
            var there = core.Destinations[recipient.Destination];
            if (recipient.State is RecipientState.Ready or RecipientState.Deferred && (!recipient.Active || act == QueueAct.Hold)
                && (destination.Length == 0 || there.Hop.ToString() == destination) && DoRecipient(act, message, index))
            {
                there.Window.Wake();
                core.Destinations.Release(there.Window, core.Now);
                touched++;
            }
        }

        core.RemoveIfFinished(message);
        return touched;
    }

    private bool DoRecipient(QueueAct act, int message, int index)
    {
        ref var recipient = ref core.Table.Recipients[index];
        var standing = recipient.Standing;
        RecipientStanding? changed = act switch
        {
            QueueAct.Hold when !recipient.Held => standing with { Held = true },
            QueueAct.Release when recipient.Held => standing with { Held = false, State = RecipientState.Ready },
            QueueAct.Retry or QueueAct.Flush when !recipient.Held => standing with { State = RecipientState.Ready },
            QueueAct.Remove => standing with { State = RecipientState.Done },
            _ => null,
        };
        // What can't be written down is not done: a restart would undo it.
        if (changed is not { } next || core.Log.AppendResult(new ResultRecord
        {
            Message = core.Table.Messages[message].Id,
            Recipient = (uint)recipient.Number,
            Standing = next,
            Owes = false,
            Action = NoticeAction.Delayed,
            Status = 0,
            Host = [],
            Text = [],
        }) is null)
        {
            return false;
        }

        core.Table.Restore(message, index, next);
        if (act is not (QueueAct.Hold or QueueAct.Remove))
        {
            core.Line(index);
        }

        return true;
    }
}
