using Postern.Queue.Records;
using Postern.Queue.Schedule;

namespace Postern.Queue.Delivery;

/// <summary>Goes round the table, a part each second, and looks after what no event brings up.</summary>
/// <remarks>
/// The time of messages runs although it may never be their turn: a destination that rests is tried with one message per rest,
/// and behind ten thousand others a message would see neither an attempt nor its end, and its sender would never hear of it.
/// And what is queued follows the routes of a new configuration.
/// </remarks>
internal sealed class Rounds(QueueCore core, Outcomes outcomes)
{
    /// <summary>Messages looked at in one go, so that the search holds up nobody: a million take a minute.</summary>
    private const int MaxPerStep = 20_000;

    /// <summary>Messages that are led along other routes in one go; each costs reading its envelope.</summary>
    private const int MaxReroutedPerStep = 5_000;

    private readonly List<int> _recipients = [];
    private int _next;
    private int _toReroute;

    /// <summary>The routes have changed.</summary>
    internal void Reroute() => _toReroute = core.Table.Messages.Bound;

    /// <summary>Looks at the next messages of the table.</summary>
    internal void Step(long now)
    {
        var backoff = core.Settings.Backoff;
        for (var left = Math.Min(_toReroute > 0 ? MaxReroutedPerStep : MaxPerStep, core.Table.Messages.Bound); left > 0; left--)
        {
            _next = _next + 1 < core.Table.Messages.Bound ? _next + 1 : 0;
            ref var entry = ref core.Table.Messages[_next];
            var reroutes = _toReroute > 0;
            _toReroute -= reroutes ? 1 : 0;
            if (entry.Id == 0)
            {
                continue;
            }

            if (reroutes)
            {
                Reroute(_next);
            }

            var expired = backoff.IsExpired(entry.Arrived, now);
            if (expired || backoff.IsLate(entry.Arrived, now))
            {
                Take(_next, expired);
            }
        }
    }

    // One destination at a time: the next round finds the others.
    private void Take(int message, bool expired)
    {
        _recipients.Clear();
        Destination? destination = null;
        ref var entry = ref core.Table.Messages[message];
        for (var index = entry.FirstRecipient; index < entry.EndOfRecipients; index++)
        {
            ref var recipient = ref core.Table.Recipients[index];
            var there = core.Destinations[recipient.Destination];
            if (recipient.State == RecipientState.Ready && !recipient.Active && !recipient.Held && there.Window.IsFailing
                && (destination ??= there) == there)
            {
                _recipients.Add(index);
            }
        }

        if (destination is not null && expired)
        {
            outcomes.Expire(message, _recipients, destination);
        }
        else if (destination is not null)
        {
            outcomes.Announce(message, _recipients, destination);
        }
    }

    private void Reroute(int message)
    {
        ref var entry = ref core.Table.Messages[message];
        _ = EnvelopeHead.Open(core.Log.ReadEnvelope(entry.Envelope), out _, out var reader);
        for (var index = entry.FirstRecipient; index < entry.EndOfRecipients; index++)
        {
            var stored = StoredRecipient.Read(ref reader);
            ref var recipient = ref core.Table.Recipients[index];
            var there = core.DestinationOf(stored.Address).Index;
            if (there == recipient.Destination || recipient.State is not (RecipientState.Ready or RecipientState.Deferred))
            {
                continue;
            }

            if (recipient.Active)
            {
                Reroute(); // One more round, until it is not.
                continue;
            }

            core.Destinations.Count(there);
            core.Destinations.Discount(recipient.Destination, core.Now);
            recipient.Destination = there;
            if (recipient.State == RecipientState.Ready && !recipient.Held)
            {
                core.Line(index);
            }
        }
    }
}
