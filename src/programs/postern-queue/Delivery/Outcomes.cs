using Postern.Ipc.Notices;
using Postern.Mail;
using Postern.Queue.Notices;
using Postern.Queue.Records;
using Postern.Queue.Schedule;

namespace Postern.Queue.Delivery;

/// <summary>Records what attempts came to: done, deferred, given up, expanded, and what the sender is owed for it.</summary>
internal sealed class Outcomes
{
    /// <summary>Interrupted attempts that a message may have before it has to wait like any other: it may be what kills.</summary>
    private const int MaxInterruptions = 5;

    /// <summary>4.4.7, delivery time expired (RFC 3463 §3.5).</summary>
    private const uint Expired = 5_004_007;

    private readonly QueueCore _core;
    private readonly Committer _committer;
    private readonly NoticeDesk _notices;

    internal Outcomes(QueueCore core, Committer committer, NoticeDesk notices)
    {
        (_core, _committer, _notices) = (core, committer, notices);
    }

    /// <summary>Takes an attempt that ended with a result for every recipient.</summary>
    internal void Take(Attempt attempt, string peer)
    {
        var destination = _core.Destinations[attempt.Destination];
        Judge(destination, attempt);
        foreach (var result in attempt.Results)
        {
            _core.Table.Recipients[result.Recipient].Active = false;
            Log(attempt, result, peer, destination);
            Apply(attempt.Message, result, destination);
        }

        _core.RemoveIfFinished(attempt.Message);
    }

    /// <summary>Takes an attempt whose program died: tried again at once, but a message that keeps killing has to wait.</summary>
    internal void Lose(Attempt attempt)
    {
        var destination = _core.Destinations[attempt.Destination];
        destination.Window.EndNeutral();
        foreach (var result in attempt.Results)
        {
            _core.Table.Recipients[result.Recipient].Active = false;
            Apply(attempt.Message, result, destination);
        }

        var killer = Crash(attempt.Message) > MaxInterruptions;
        foreach (var recipient in attempt.Pending.Values)
        {
            _core.Table.Recipients[recipient].Active = false;
            if (killer)
            {
                Apply(attempt.Message, new AttemptResult(
                    recipient, DeliveryOutcome.Temporary, FaultOf.World, 4_003_000, [], "delivery was interrupted"u8.ToArray()), destination);
            }
        }

        if (!killer)
        {
            _core.Line(attempt.Message, attempt.Destination);
        }

        _core.RemoveIfFinished(attempt.Message);
    }

    /// <summary>Gives recipients up whose time is over.</summary>
    internal void Expire(int message, List<int> recipients, Destination destination)
    {
        var text = destination.LastText.Length > 0 ? destination.LastText : "the message could not be delivered in time";
        foreach (var recipient in recipients)
        {
            GiveUp(message, new AttemptResult(
                recipient, DeliveryOutcome.Permanent, FaultOf.World, Expired, [], System.Text.Encoding.ASCII.GetBytes(text)));
        }

        _core.RemoveIfFinished(message);
    }

    private void Judge(Destination destination, Attempt attempt)
    {
        var reached = attempt.Results.Exists(result => result.Outcome != DeliveryOutcome.Temporary || result.Fault == FaultOf.Peer);
        if (reached)
        {
            destination.Window.EndWell();
        }
        else if (destination.Hop.Kind == Ipc.Delivery.HopKind.Local)
        {
            destination.Window.EndNeutral();
        }
        else
        {
            destination.Window.EndBadly(_core.Now);
        }
    }

    private void Apply(int message, AttemptResult result, Destination destination)
    {
        switch (result.Outcome)
        {
            case DeliveryOutcome.Delivered:
                Finish(message, result, NoticeAction.Delivered);
                break;
            case DeliveryOutcome.Relayed:
                Finish(message, result, NoticeAction.Relayed);
                break;
            case DeliveryOutcome.Expanded:
                _core.Table.Recipients[result.Recipient].Active = true; // Until its targets stand in the log.
                _committer.Add(new Expansion(this, message, result));
                break;
            case DeliveryOutcome.Permanent:
                destination.LastText = System.Text.Encoding.ASCII.GetString(result.Text);
                GiveUp(message, result);
                break;
            case DeliveryOutcome.Temporary when result.Fault == FaultOf.None && Crash(message) <= MaxInterruptions:
                Postpone(message, result.Recipient);
                break;
            default:
                destination.LastText = System.Text.Encoding.ASCII.GetString(result.Text);
                Defer(message, result);
                break;
        }
    }

    /// <summary>One of our own programs died under it: tried again in a moment, without counting it as an attempt.</summary>
    private void Postpone(int message, int recipient)
    {
        ref var entry = ref _core.Table.Recipients[recipient];
        entry.State = RecipientState.Deferred;
        entry.NextAttempt = (uint)_core.Now + 1;
        _core.Deferred.Enqueue(message, entry.NextAttempt);
    }

    private int Crash(int message)
    {
        ref var entry = ref _core.Table.Messages[message];
        return entry.Crashes = (byte)Math.Min(entry.Crashes + 1, byte.MaxValue);
    }

    /// <summary>A recipient is served.</summary>
    internal void Finish(int message, AttemptResult result, NoticeAction action)
    {
        _core.Counted = _core.Counted with { Delivered = _core.Counted.Delivered + 1 };
        var owes = _notices.WantsSuccess(message, result.Recipient);
        Record(message, result, owes ? RecipientState.Owed : RecipientState.Done, owes, action);
        if (owes)
        {
            _committer.SyncAtTurnEnd();
        }
        else
        {
            _committer.SyncSoon();
        }
    }

    /// <summary>A recipient is given up.</summary>
    internal void GiveUp(int message, AttemptResult result)
    {
        _core.Counted = _core.Counted with { Failed = _core.Counted.Failed + 1 };
        var owes = _notices.WantsFailure(message, result.Recipient);
        Record(message, result, owes ? RecipientState.Owed : RecipientState.Done, owes, NoticeAction.Failed);
        _committer.SyncAtTurnEnd();
    }

    /// <summary>A recipient has to wait for another attempt, or for its end.</summary>
    internal void Defer(int message, AttemptResult result)
    {
        ref var recipient = ref _core.Table.Recipients[result.Recipient];
        ref var entry = ref _core.Table.Messages[message];
        recipient.Attempts = (ushort)Math.Min(recipient.Attempts + 1, ushort.MaxValue);
        var now = _core.Now;
        recipient.NextAttempt = (uint)(now + _core.Settings.Backoff.SecondsAfter(recipient.Attempts, QueueCore.Chance()));
        if (_core.Settings.Backoff.IsExpired(entry.Arrived, recipient.NextAttempt))
        {
            GiveUp(message, result with { Outcome = DeliveryOutcome.Permanent, Status = Expired });
            return;
        }

        var owes = _core.Settings.Backoff.IsLate(entry.Arrived, now) && _notices.WantsDelay(message, result.Recipient);
        Record(message, result, RecipientState.Deferred, owes, NoticeAction.Delayed);
        _core.Deferred.Enqueue(message, recipient.NextAttempt);
        _committer.SyncSoon();
    }

    private void Record(int message, AttemptResult result, RecipientState state, bool owes, NoticeAction action)
    {
        ref var recipient = ref _core.Table.Recipients[result.Recipient];
        var written = _core.Log.AppendResult(new ResultRecord
        {
            Message = _core.Table.Messages[message].Id,
            Recipient = (uint)recipient.Number,
            Standing = recipient.Standing with { State = state },
            Owes = owes,
            Action = action,
            Status = result.Status,
            Host = result.Host,
            Text = result.Text,
        });
        if (written is not { } position)
        {
            // No room even in the reserve: a served recipient stays served unless we crash; the others wait a minute.
            owes = false;
            state = result.Outcome is DeliveryOutcome.Delivered or DeliveryOutcome.Relayed ? RecipientState.Done : RecipientState.Deferred;
            recipient.NextAttempt = (uint)_core.Now + 60;
            position = default;
        }

        if (state == RecipientState.Done)
        {
            _core.Table.Finish(message, result.Recipient);
        }
        else
        {
            recipient.State = state;
        }

        if (owes)
        {
            _notices.Owe(message, result.Recipient, action, position);
        }
    }

    private void Log(Attempt attempt, AttemptResult result, string peer, Destination destination)
    {
        _core.Events.Info(result.Outcome switch
        {
            DeliveryOutcome.Temporary => "deferred",
            DeliveryOutcome.Permanent => "failed",
            DeliveryOutcome.Expanded => "expanded",
            _ => "delivered",
        })
            .Word("id", new MessageId(_core.Table.Messages[attempt.Message].Id).ToString())
            .Number("rcpt", _core.Table.Recipients[result.Recipient].Number)
            .Word("by", peer)
            .Quoted("to", destination.Hop.ToString())
            .Quoted("host", result.Host)
            .Number("attempt", _core.Table.Recipients[result.Recipient].Attempts + 1)
            .Quoted("reply", result.Text)
            .Write();
    }
}
