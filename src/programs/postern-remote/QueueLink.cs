using System.Runtime.CompilerServices;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;
using Postern.Remote.Attempts;
using Postern.Role;
using Postern.Role.Logging;

namespace Postern.Remote;

/// <summary>remote's side of the channel to the queue: takes attempts and content, sends results.</summary>
internal sealed class QueueLink(EventLoop loop, EventLog log, DeliveryRunner runner, Action ended) : IChannelEvents, IDisposable
{
    /// <summary>Buffers kept for the next attempts: as a rule one that ends is followed by one that begins.</summary>
    private const int MaxSpares = 16;

    private readonly Dictionary<uint, OutboundDelivery> _deliveries = [];
    private readonly Stack<ByteQueue> _spares = new();
    private Channel? _channel;

    /// <summary>Deliveries under way.</summary>
    internal int UnderWay => _deliveries.Count;

    /// <summary>Starts to read.</summary>
    /// <param name="descriptor">The channel.</param>
    /// <param name="links">Watches it.</param>
    internal void Open(Descriptor descriptor, StandingLinks links) =>
        _channel = new Channel(loop, descriptor, links.Watch(ProgramName.Queue, this));

    /// <summary>Sends what waits, as far as the queue takes it now.</summary>
    internal void Flush() => _channel?.Flush();

    /// <summary>Ends the channel and every delivery on it.</summary>
    public void Dispose()
    {
        _channel?.Dispose();
        CancelAll();
    }

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == ContentFrame.Type)
        {
            return ContentFrame.TryRead(ref reader, out var content) && Take(content);
        }

        if (type == DeliveryStartFrame.Type)
        {
            return DeliveryStartFrame.TryRead(ref reader, out var start) && Start(channel, start);
        }

        if (type == DeliveryRecipientFrame.Type)
        {
            return DeliveryRecipientFrame.TryRead(ref reader, out var recipient) && Take(recipient);
        }

        if (type == DeliveryReadyFrame.Type)
        {
            return DeliveryReadyFrame.TryRead(ref reader, out var ready) && Run(ready.Delivery);
        }

        if (type == ContentEndFrame.Type)
        {
            return ContentEndFrame.TryRead(ref reader, out var end) && End(end.Transaction);
        }

        return type == DeliveryCancelFrame.Type && DeliveryCancelFrame.TryRead(ref reader, out var cancel) && Cancel(cancel.Delivery);
    }

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        // An end with nothing under way is how the queue stops; posternd says so when it ends otherwise.
        if (hostile || _deliveries.Count > 0)
        {
            log.Warning("peer-lost").Word("peer", "queue").Number("deliveries", _deliveries.Count).Word("hostile", hostile ? "yes" : "no").Write();
        }

        CancelAll();
    }

    private bool Start(Channel channel, scoped in DeliveryStartFrame start)
    {
        if (start.Hop == HopKind.Local)
        {
            return false;
        }

        var content = _spares.TryPop(out var spare) ? spare : new ByteQueue();
        return _deliveries.TryAdd(start.Delivery, new OutboundDelivery(start, channel, content));
    }

    private bool Take(scoped in DeliveryRecipientFrame frame)
    {
        if (!_deliveries.TryGetValue(frame.Delivery, out var delivery) || delivery.IsRunning)
        {
            return false;
        }

        delivery.Recipients.Add(new OutboundRecipient(frame));
        return true;
    }

    private bool Run(uint number)
    {
        if (!_deliveries.TryGetValue(number, out var delivery) || delivery.IsRunning)
        {
            return false;
        }

        delivery.IsRunning = true;
        loop.Adopt(RunAsync(delivery));
        return true;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask RunAsync(OutboundDelivery delivery)
    {
        await runner.RunAsync(delivery);
        _deliveries.Remove(delivery.Number);
        if (_spares.Count < MaxSpares)
        {
            _spares.Push(delivery.Content.Empty());
        }

        ended();
    }

    // Content of an attempt that has ended already is late, not hostile.
    private bool Take(scoped in ContentFrame frame) =>
        !_deliveries.TryGetValue(frame.Transaction, out var delivery) || delivery.Content.TryAppend(frame.Bytes);

    private bool End(uint number)
    {
        if (_deliveries.TryGetValue(number, out var delivery))
        {
            delivery.Content.End();
        }

        return true;
    }

    private bool Cancel(uint number)
    {
        if (_deliveries.TryGetValue(number, out var delivery))
        {
            delivery.Cancel();
            if (!delivery.IsRunning)
            {
                _deliveries.Remove(number);
            }
        }

        return true;
    }

    private void CancelAll()
    {
        foreach (var delivery in _deliveries.Values.ToArray())
        {
            Cancel(delivery.Number);
        }
    }
}
