using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Local.Deliveries;
using Postern.Mail;
using Postern.Role.Logging;

namespace Postern.Local.Links;

/// <summary>One user's deliver: what it is making, and what waits for it to start.</summary>
internal sealed class DeliverLink(EventLog log, Action closed) : IChannelEvents
{
    private readonly Dictionary<uint, UserCopy> _copies = [];
    private readonly List<UserCopy> _waiting = [];
    private IFrameSink? _sink;
    private uint _next;

    /// <summary>Takes a copy; it begins as soon as the deliver is there.</summary>
    internal void Take(UserCopy copy)
    {
        if (_sink is null)
        {
            _waiting.Add(copy);
            return;
        }

        _copies.Add(++_next, copy);
        copy.Begin(_sink, _next);
    }

    /// <summary>The deliver is there.</summary>
    internal void Join(Channel channel)
    {
        _sink = channel;
        foreach (var copy in _waiting.ToList())
        {
            Take(copy);
            copy.Grant(0);
        }

        _waiting.Clear();
    }

    /// <summary>The deliver can't be started.</summary>
    internal void Refuse(DeliveryResult result)
    {
        foreach (var copy in _waiting.ToList())
        {
            copy.Fail(result);
        }

        _waiting.Clear();
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
            return DeliveryEndFrame.TryRead(ref reader, out var end) && (!_copies.Remove(end.Delivery, out var copy) || copy.TryEnd());
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
        if (hostile)
        {
            log.Warning("peer-refused").Word("peer", "deliver").Write();
        }

        _sink = null;
        closed();
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
}
