using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Local.Deliveries;
using Postern.Role.Logging;

namespace Postern.Local.Links;

/// <summary>The channel to the queue: its attempts come in here.</summary>
internal sealed class QueueLink(EventLog log, QueueLink.BeginDelivery begin) : IChannelEvents
{
    /// <summary>Attempts at one time; the queue's own limit is far lower.</summary>
    private const int MaxDeliveries = 4096;

    private readonly Dictionary<uint, LocalDelivery> _deliveries = [];
    private IFrameSink? _sink;

    /// <summary>Makes a delivery from its start.</summary>
    internal delegate LocalDelivery BeginDelivery(uint number, AttemptStart start, IFrameSink queue, Action<LocalDelivery> over);

    /// <summary>A fresh channel: what was under way on an older one is over.</summary>
    internal void Join(Channel channel)
    {
        AbandonAll();
        _sink = channel;
    }

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == ContentFrame.Type)
        {
            // What comes for an attempt that is over was under way when its end was told.
            return ContentFrame.TryRead(ref reader, out var content)
                && (!_deliveries.TryGetValue(content.Transaction, out var delivery) || delivery.Take(content.Bytes));
        }

        if (type == DeliveryStartFrame.Type)
        {
            return DeliveryStartFrame.TryRead(ref reader, out var start) && Begin(start);
        }

        if (type == DeliveryRecipientFrame.Type)
        {
            return DeliveryRecipientFrame.TryRead(ref reader, out var recipient) && Add(recipient);
        }

        if (type == DeliveryReadyFrame.Type)
        {
            return DeliveryReadyFrame.TryRead(ref reader, out var ready)
                && _deliveries.TryGetValue(ready.Delivery, out var delivery) && delivery.Ready();
        }

        if (type == ContentEndFrame.Type)
        {
            return ContentEndFrame.TryRead(ref reader, out var end)
                && (!_deliveries.TryGetValue(end.Transaction, out var delivery) || delivery.EndContent());
        }

        return type == DeliveryCancelFrame.Type && DeliveryCancelFrame.TryRead(ref reader, out var cancel) && Cancel(cancel.Delivery);
    }

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        if (hostile)
        {
            log.Warning("peer-refused").Word("peer", "queue").Write();
        }

        if (ReferenceEquals(channel, _sink))
        {
            AbandonAll();
            _sink = null;
        }
    }

    private bool Begin(scoped in DeliveryStartFrame start)
    {
        if (start.Hop != HopKind.Local || _deliveries.Count >= MaxDeliveries || _sink is null)
        {
            return false;
        }

        return _deliveries.TryAdd(
            start.Delivery, begin(start.Delivery, new AttemptStart(start), _sink, over => _deliveries.Remove(over.Number)));
    }

    private bool Add(scoped in DeliveryRecipientFrame frame) =>
        _deliveries.TryGetValue(frame.Delivery, out var delivery)
        && delivery.Add(new LocalRecipient(frame.Recipient, frame.Address.ToArray(), frame.Final));

    private bool Cancel(uint number)
    {
        if (_deliveries.Remove(number, out var delivery))
        {
            delivery.Abandon();
        }

        return true;
    }

    private void AbandonAll()
    {
        foreach (var delivery in _deliveries.Values)
        {
            delivery.Abandon();
        }

        _deliveries.Clear();
    }
}
