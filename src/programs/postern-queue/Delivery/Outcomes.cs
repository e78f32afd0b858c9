using Postern.Ipc.Delivery;
using Postern.Ipc.Notices;
using Postern.Mail;
using Postern.Queue.Notices;
using Postern.Queue.Records;
using Postern.Queue.Schedule;
using Postern.Spool;

namespace Postern.Queue.Delivery;

/// <summary>Records what attempts came to: done, deferred, given up, expanded, and what the sender is owed for it.</summary>
internal sealed class Outcomes(QueueCore core, Committer committer, NoticeDesk notices)
{
    /// <summary>Interrupted attempts that a message may have before it has to wait like any other: it may be what kills.</summary>
    private const int MaxInterruptions = 5;

    /// <summary>4.4.7, delivery time expired (RFC 3463 §3.5).</summary>
    private const uint Expired = 5_004_007;

    /// <summary>5.4.6, as for an alias that the directory finds too long.</summary>
    private const uint TooManyTargets = 5_004_006;

    private double _chance;

    /// <summary>Takes an attempt that ended with a result for every recipient.</summary>
    internal void Take(Attempt attempt, string peer)
    {
        var destination = attempt.Destination;
        Judge(destination, attempt);
        _chance = core.Chance(); // One for all: what was tried together comes back together, and is one attempt again.
        foreach (var result in attempt.Results)
        {
            core.Table.Recipients[result.Recipient].Active = false;
            if (result.Outcome != DeliveryOutcome.Expanded)
            {
                Log(attempt.Message, result, peer, destination);
            }

            Apply(attempt.Message, result, destination);
        }

        core.RemoveIfFinished(attempt.Message);
    }

    /// <summary>Takes an attempt whose program died: tried again at once, but a message that keeps killing has to wait.</summary>
    internal void Lose(Attempt attempt)
    {
        var destination = attempt.Destination;
        attempt.Window.EndNeutral();
        core.Destinations.Release(attempt.Window, core.Now);
        foreach (var result in attempt.Results)
        {
            core.Table.Recipients[result.Recipient].Active = false;
            Apply(attempt.Message, result, destination);
        }

        var killer = Crash(attempt.Message) > MaxInterruptions;
        foreach (var (recipient, _) in attempt.Pending.Values)
        {
            core.Table.Recipients[recipient].Active = false;
            if (killer)
            {
                Apply(attempt.Message, new AttemptResult(
                    recipient, DeliveryOutcome.Temporary, FaultOf.World, 4_003_000, [], "delivery was interrupted"u8.ToArray()), destination);
            }
            else
            {
                core.Line(recipient);
            }
        }

        core.RemoveIfFinished(attempt.Message);
    }

    /// <summary>Gives recipients up whose time is over.</summary>
    internal void Expire(int message, List<int> recipients, Destination destination)
    {
        var text = destination.Window.LastText.Length > 0 ? destination.Window.LastText : "the message could not be delivered in time";
        core.Events.Info("expired").Word("id", new MessageId(core.Table.Messages[message].Id))
            .Number("rcpts", recipients.Count).Quoted("reply", text).Write();
        foreach (var recipient in recipients)
        {
            GiveUp(message, new AttemptResult(
                recipient, DeliveryOutcome.Permanent, FaultOf.World, Expired, [], System.Text.Encoding.ASCII.GetBytes(text)));
        }

        core.RemoveIfFinished(message);
    }

    /// <summary>Has the sender told that recipients are late which wait for a destination that rests.</summary>
    internal void Announce(int message, List<int> recipients, Destination destination)
    {
        var owed = notices.OwedOf(message).Select(item => item.Recipient).ToHashSet();
        foreach (var recipient in recipients.Where(recipient => notices.WantsDelay(message, recipient) && !owed.Contains(recipient)))
        {
            Record(message, new AttemptResult(
                recipient, DeliveryOutcome.Temporary, FaultOf.World, destination.Window.LastStatus, [], System.Text.Encoding.ASCII.GetBytes(destination.Window.LastText)),
                RecipientState.Ready, owes: true, NoticeAction.Delayed);
        }

        committer.SyncSoon();
    }

    private void Judge(Destination destination, Attempt attempt)
    {
        var reached = attempt.Results.Exists(result => result.Outcome != DeliveryOutcome.Temporary || result.Fault == FaultOf.Peer);
        var now = core.Now;
        if (reached)
        {
            attempt.Window.EndWell();
        }
        else if (destination.Hop.Kind == HopKind.Local)
        {
            attempt.Window.EndNeutral();
        }
        else
        {
            attempt.Window.EndBadly(now);
        }

        core.Destinations.Release(attempt.Window, now);
    }

    private void Apply(int message, AttemptResult result, Destination destination)
    {
        switch (result.Outcome)
        {
            case DeliveryOutcome.Delivered or DeliveryOutcome.Relayed:
                Finish(message, result, Successes.ActionOf(result.Outcome, destination.Hop.Kind));
                break;
            case DeliveryOutcome.Expanded when !Expansion.Fits(core, message, result.Targets!):
                GiveUp(message, result with { Outcome = DeliveryOutcome.Permanent, Status = TooManyTargets, Text = "the alias stands for too many addresses"u8.ToArray() });
                break;
            case DeliveryOutcome.Expanded:
                core.Table.Recipients[result.Recipient].Active = true; // Until its targets stand in the log.
                committer.Add(new Expansion(this, message, result));
                break;
            case DeliveryOutcome.Permanent:
                GiveUp(message, result);
                break;
            case DeliveryOutcome.Temporary when result.Fault == FaultOf.None && Crash(message) <= MaxInterruptions:
                Postpone(result.Recipient);
                break;
            default:
                (destination.Window.LastText, destination.Window.LastStatus) = (System.Text.Encoding.ASCII.GetString(result.Text), result.Status);
                Defer(message, result);
                break;
        }
    }

    /// <summary>One of our own programs died under it: tried again in a moment, without counting it as an attempt.</summary>
    private void Postpone(int recipient)
    {
        ref var entry = ref core.Table.Recipients[recipient];
        entry.State = RecipientState.Deferred;
        entry.NextAttempt = (uint)core.Now + 1;
        core.Deferred.Enqueue(recipient, entry.NextAttempt);
    }

    private int Crash(int message) => core.Table.Messages[message].Crashes = (byte)Math.Min(core.Table.Messages[message].Crashes + 1, byte.MaxValue);

    /// <summary>A recipient is served.</summary>
    private void Finish(int message, AttemptResult result, NoticeAction? action)
    {
        core.Counted = core.Counted with { Delivered = core.Counted.Delivered + 1 };
        var owes = action is not null && notices.WantsSuccess(message, result.Recipient);
        Record(message, result, owes ? RecipientState.Owed : RecipientState.Done, owes, action ?? NoticeAction.Delivered);
        committer.SyncSoon();
        if (owes)
        {
            committer.SyncAtTurnEnd();
        }
    }

    /// <summary>An alias has given way to its targets, and that stands in the log.</summary>
    internal void TakeExpanded(int message, AttemptResult result)
    {
        core.Table.Recipients[result.Recipient].Active = false;
        notices.GiveWay(message, result.Recipient, result.Targets![0].List);
        core.RemoveIfFinished(message);
    }

    /// <summary>A recipient is given up.</summary>
    internal void GiveUp(int message, AttemptResult result)
    {
        core.Counted = core.Counted with { Failed = core.Counted.Failed + 1 };
        var owes = notices.WantsFailure(message, result.Recipient);
        Record(message, result, owes ? RecipientState.Owed : RecipientState.Done, owes, NoticeAction.Failed);
        if ((core.Table.Messages[message].Marks & Table.MessageMarks.LastResort) != 0)
        {
            // Postmaster was the last to be told: after him there is only this line.
            core.Events.Warning("report-lost").Word("id", new MessageId(core.Table.Messages[message].Id).ToString()).Quoted("reply", result.Text).Write();
        }

        committer.SyncAtTurnEnd();
    }

    /// <summary>A recipient has to wait for another attempt, or for its end.</summary>
    internal void Defer(int message, AttemptResult result)
    {
        ref var recipient = ref core.Table.Recipients[result.Recipient];
        ref var entry = ref core.Table.Messages[message];
        recipient.Attempts = (ushort)Math.Min(recipient.Attempts + 1, ushort.MaxValue);
        var now = core.Now;
        recipient.NextAttempt = (uint)(now + core.Settings.Backoff.SecondsAfter(recipient.Attempts, _chance));
        if (core.Settings.Backoff.IsExpired(entry.Arrived, recipient.NextAttempt))
        {
            core.Events.Info("expired").Word("id", new MessageId(entry.Id)).Number("rcpts", 1).Quoted("reply", result.Text).Write();
            GiveUp(message, result with { Outcome = DeliveryOutcome.Permanent, Status = Expired });
            return;
        }

        core.Answers.Keep(result.Recipient, recipient.Attempts, result.Text);
        var owes = core.Settings.Backoff.IsLate(entry.Arrived, now) && notices.WantsDelay(message, result.Recipient);
        Record(message, result, RecipientState.Deferred, owes, NoticeAction.Delayed);
        core.Deferred.Enqueue(result.Recipient, recipient.NextAttempt);
        committer.SyncSoon();
    }

    private void Record(int message, AttemptResult result, RecipientState state, bool owes, NoticeAction action)
    {
        ref var recipient = ref core.Table.Recipients[result.Recipient];
        if (Write(message, result, state, owes, action) is not { } position)
        {
            // No room even in the reserve: that one was served is written down when there is; the others wait a minute.
            core.Events.Warning("unrecorded").Word("id", new MessageId(core.Table.Messages[message].Id).ToString())
                .Number("rcpt", recipient.Number).Write();
            position = default;
            if (!IsServed(result))
            {
                (owes, state, recipient.NextAttempt) = (false, RecipientState.Deferred, (uint)core.Now + 60);
                core.Deferred.Enqueue(result.Recipient, recipient.NextAttempt);
            }
        }

        core.Table.Change(message, result.Recipient, state);
        if (owes)
        {
            notices.Owe(message, result.Recipient, action, position);
        }
    }

    private RecordPosition? Write(int message, AttemptResult result, RecipientState state, bool owes, NoticeAction action)
    {
        ref var recipient = ref core.Table.Recipients[result.Recipient];
        return core.Log.AppendResult(new ResultRecord
        {
            Message = core.Table.Messages[message].Id,
            Recipient = (uint)recipient.Number,
            Standing = recipient.Standing with { State = state },
            Owes = owes,
            Action = action,
            Status = result.Status,
            Host = result.Host,
            Text = result.Text,
        }, keep: IsServed(result));
    }

    private static bool IsServed(AttemptResult result) => result.Outcome is DeliveryOutcome.Delivered or DeliveryOutcome.Relayed;

    /// <summary>Tells people what came of an attempt.</summary>
    internal void Log(int message, AttemptResult result, string peer, Destination destination)
    {
        var what = result.Outcome switch { DeliveryOutcome.Temporary => "deferred", DeliveryOutcome.Permanent => "failed", _ => "delivered" };
        core.Events.Info(what).Word("id", new MessageId(core.Table.Messages[message].Id)).Quoted("rcpt", result.Address)
            .Word("by", peer).Quoted("to", destination.HopText).Quoted("host", result.Host)
            .Number("attempt", core.Table.Recipients[result.Recipient].Attempts + 1).Quoted("reply", result.Text).Write();
    }
}
