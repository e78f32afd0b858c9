using Postern.Ipc.Administration;
using Postern.Ipc.Notices;
using Postern.Queue.Records;

namespace Postern.Queue.Administration;

/// <summary>What administrators do to queued messages: retry, flush, hold, release, remove.</summary>
internal sealed class QueueActs(QueueCore core)
{
    /// <summary>Does something to one message's recipients at a destination, or to all of them.</summary>
    /// <param name="act">What.</param>
    /// <param name="message">The message.</param>
    /// <param name="destination">The destination as it is listed, or empty.</param>
    /// <returns>
    /// How many recipients it touched. What is being delivered is left alone, but for a hold, which counts from the end of
    /// the attempt on; an alias hands it on to what takes its place.
    /// </returns>
    internal int Do(QueueAct act, int message, string destination)
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
        if (act is QueueAct.Retry or QueueAct.Flush && !recipient.Held && recipient.State == RecipientState.Ready)
        {
            return true; // It stands in its line already, once; what there is to do is done to its destination.
        }

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
            Action = NoticeAction.Delayed,
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
