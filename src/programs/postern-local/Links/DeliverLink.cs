using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Local.Deliveries;
using Postern.Mail;

namespace Postern.Local.Links;

/// <summary>One user's deliver: what it is making, and what waits for it to start.</summary>
internal sealed class DeliverLink : IChannelEvents
{
    private readonly Dictionary<uint, UserCopy> _copies = [];
    private readonly List<UserCopy> _waiting = [];
    private readonly DeliverLinks _links;
    private Channel? _channel;
    private uint _next;

    internal DeliverLink(DeliverLinks links, string user)
    {
        (_links, User) = (links, user);
    }

    /// <summary>The user, as in the request to posternd.</summary>
    internal string User { get; }

    /// <summary>True when it is there and has nothing to do.</summary>
    internal bool IsIdle => _channel is not null && _copies.Count == 0;

    /// <summary>The loop's time at which it last had something to do.</summary>
    internal long IdleSince { get; private set; }

    /// <summary>Takes a copy; it begins as soon as the deliver is there.</summary>
    internal void Take(UserCopy copy)
    {
        if (_channel is null)
        {
            _waiting.Add(copy);
            return;
        }

        _copies.Add(++_next, copy);
        copy.Begin(this, _channel, _next);
    }

    /// <summary>The deliver is there.</summary>
    internal void Join(Channel channel)
    {
        _channel = channel;
        foreach (var copy in _waiting)
        {
            // Its attempt may have been given up while the deliver started.
            if (!copy.IsOver)
            {
                Take(copy);
            }
        }

        _waiting.Clear();
        Rest();
    }

    /// <summary>The deliver can't be started.</summary>
    internal void Refuse(DeliveryResult result)
    {
        _waiting.ForEach(copy => copy.Fail(result));
        _waiting.Clear();
    }

    /// <summary>A copy was given up; what still comes for it is late.</summary>
    internal void Forget(UserCopy copy)
    {
        _copies.Remove(copy.Number);
        Rest();
    }

    /// <summary>Ends an idle deliver: it exits when its channel closes.</summary>
    internal void Close()
    {
        var channel = _channel;
        _channel = null;
        channel?.Dispose();
    }

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == RecipientResultFrame.Type)
        {
            return RecipientResultFrame.TryRead(ref reader, out var result) && Take(result);
        }

        if (type == DeliveryEndFrame.Type)
        {
            return DeliveryEndFrame.TryRead(ref reader, out var end) && End(end.Delivery);
        }

        if (type == CreditFrame.Type && CreditFrame.TryRead(ref reader, out var credit))
        {
            if (_copies.TryGetValue(credit.Transaction, out var copy))
            {
                copy.Grant(credit.Bytes);
            }

            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        _channel = null;
        _links.Ended(this, hostile);
        var lost = _copies.Values.ToList();
        _copies.Clear();
        lost.ForEach(copy => copy.Fail(Results.Interrupted));
    }

    private bool Take(scoped in RecipientResultFrame frame)
    {
        // A deliver has a mailbox or it has not: it neither relays nor expands.
        if (frame.Outcome is not (DeliveryOutcome.Delivered or DeliveryOutcome.Temporary or DeliveryOutcome.Permanent))
        {
            return false;
        }

        var status = new EnhancedStatus((byte)(frame.Status / 1_000_000 % 10), (ushort)(frame.Status / 1000 % 1000), (ushort)(frame.Status % 1000));
        return !_copies.TryGetValue(frame.Delivery, out var copy)
            || copy.TryTake(frame.Recipient, new DeliveryResult(frame.Outcome, status, frame.Fault, frame.Text, frame.Host));
    }

    private bool End(uint number)
    {
        if (!_copies.TryGetValue(number, out var copy))
        {
            return true; // Given up meanwhile.
        }

        if (!copy.TryEnd())
        {
            return false;
        }

        _copies.Remove(number);
        Rest();
        return true;
    }

    private void Rest()
    {
        if (IsIdle)
        {
            IdleSince = _links.Rested();
        }
    }
}
