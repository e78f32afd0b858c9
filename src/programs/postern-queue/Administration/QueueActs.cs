using Postern.Ipc.Administration;
using Postern.Ipc.Notices;
using Postern.Ipc.Wire;
using Postern.Queue.Records;

namespace Postern.Queue.Administration;

/// <summary>What administrators do to queued messages: retry, flush, hold, release, remove.</summary>
internal sealed class QueueActs(QueueCore core)
{
    private readonly List<int> _meant = [];

    /// <summary>Does something to those of one message's recipients that are meant.</summary>
    /// <param name="act">What.</param>
    /// <param name="message">The message.</param>
    /// <param name="chosen">Which recipients.</param>
    /// <returns>
    /// How many recipients it touched. What is being delivered is left alone, but for a hold, which counts from the end of
    /// the attempt on; an alias hands it on to what takes its place.
    /// </returns>
    internal int Do(QueueAct act, int message, Chosen chosen)
    {
        var touched = 0;
        Find(act, message, chosen);
        foreach (var index in _meant)
        {
            if (!DoRecipient(act, message, index))
            {
                continue;
            }

            touched++;
            if (act is not (QueueAct.Hold or QueueAct.Remove))
            {
                var window = core.Destinations[core.Table.Recipients[index].Destination].Window;
                window.Wake();
                core.Destinations.Release(window, core.Now);
            }
        }

        core.RemoveIfFinished(message);
        return touched;
    }

    /// <summary>Notes which recipients are meant and may be changed; what is done to them may write over the envelope that was read.</summary>
    private void Find(QueueAct act, int message, Chosen chosen)
    {
        _meant.Clear();
        ref var entry = ref core.Table.Messages[message];
        var asks = chosen.AsksForAddresses;
        FrameReader reader = default;
        var sender = asks ? EnvelopeHead.Open(core.Log.ReadEnvelope(entry.Envelope), out _, out reader).Sender : default;
        for (var index = entry.FirstRecipient; index < entry.EndOfRecipients; index++)
        {
            var address = asks ? StoredRecipient.Read(ref reader).Address : default;
            ref var recipient = ref core.Table.Recipients[index];
            // Whoever is to be held back until a moment is tried no earlier, whatever else is.
            if (recipient.State is RecipientState.Ready or RecipientState.Deferred && (!recipient.Active || act == QueueAct.Hold)
                && (entry.Arrived <= core.Now || act is not (QueueAct.Retry or QueueAct.Flush))
                && chosen.Takes(core.Destinations[recipient.Destination].HopText) && (!asks || chosen.Takes(sender, address)))
            {
                _meant.Add(index);
            }
        }
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
            QueueAct.Release when recipient.Held => standing with { Held = false, State = core.Table.Messages[message].Arrived > core.Now ? standing.State : RecipientState.Ready },
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
        if (next is { Held: false, State: RecipientState.Ready })
        {
            core.Line(index);
        }
        else if (act == QueueAct.Release)
        {
            core.Deferred.Enqueue(index, next.NextAttempt);
        }

        return true;
    }
}
