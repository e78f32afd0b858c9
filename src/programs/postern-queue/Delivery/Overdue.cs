using Postern.Queue.Records;
using Postern.Queue.Schedule;

namespace Postern.Queue.Delivery;

/// <summary>Looks after messages whose destination fails: their time runs although it may never be their turn.</summary>
/// <remarks>
/// A destination that rests is tried with one message per rest. Behind ten thousand others a message would see neither an
/// attempt nor its end, and its sender would never hear of it.
/// </remarks>
internal sealed class Overdue(QueueCore core, Outcomes outcomes)
{
    /// <summary>Messages looked at in one go, so that the search holds up nobody: a million take a minute.</summary>
    private const int MaxPerStep = 20_000;

    private readonly List<int> _recipients = [];
    private int _next;

    /// <summary>Looks at the next messages of the table.</summary>
    internal void Step(long now)
    {
        var backoff = core.Settings.Backoff;
        for (var left = Math.Min(MaxPerStep, core.Table.Messages.Bound); left > 0; left--)
        {
            _next = _next + 1 < core.Table.Messages.Bound ? _next + 1 : 0;
            ref var entry = ref core.Table.Messages[_next];
            if (entry.Id == 0)
            {
                continue;
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
        for (var index = core.Table.Messages[message].FirstRecipient; index >= 0; index = core.Table.Recipients[index].Next)
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
}
