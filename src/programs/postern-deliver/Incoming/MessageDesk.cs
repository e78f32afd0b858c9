using System.Text;
using Postern.Deliver.Disk;
using Postern.Deliver.Maildir;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Role.Logging;

namespace Postern.Deliver.Incoming;

/// <summary>Takes messages from <c>local</c> and tells it what became of each copy.</summary>
internal sealed class MessageDesk : IChannelEvents
{
    /// <summary>Messages at one time; <c>local</c> has far fewer under way.</summary>
    private const int MaxMessages = 1000;

    /// <summary>Mailboxes whose cleaning is remembered. Arbitrary: some kilobytes.</summary>
    private const int MaxVisited = 1000;

    private readonly Dictionary<uint, IncomingMessage> _messages = [];
    private readonly HashSet<MailboxPlace> _visited = [];
    private readonly EventLoop _loop;
    private readonly EventLog _log;
    private readonly Action _changed;
    private IFrameSink? _channel;

    /// <summary>Makes one.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="log">The log.</param>
    /// <param name="workers">Who writes.</param>
    /// <param name="changed">Called when a message came, went, or the channel ended.</param>
    internal MessageDesk(EventLoop loop, EventLog log, DiskWorkers workers, Action changed)
    {
        (_loop, _log, Workers, _changed) = (loop, log, workers, changed);
    }

    /// <summary>Who writes.</summary>
    internal DiskWorkers Workers { get; }

    /// <summary>True while there is something to do.</summary>
    internal bool IsBusy => _messages.Count > 0 || Workers.Pending > 0;

    /// <summary>True once <c>local</c> has gone.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>Reaches mailboxes in another way from now on; what is being written is finished where it was begun.</summary>
    internal void Use(MaildirAccess access)
    {
        Workers.Access = access;
        _visited.Clear();
    }

    /// <summary>Takes the channel to <c>local</c> over.</summary>
    internal void Serve(Postern.Posix.Descriptor channel) => _channel = new Channel(_loop, channel, this);

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == ContentFrame.Type)
        {
            // What comes for a message that is over was under way when its end was told.
            return ContentFrame.TryRead(ref reader, out var content)
                && (!_messages.TryGetValue(content.Transaction, out var message) || message.Take(content.Bytes));
        }

        if (type == ContentEndFrame.Type)
        {
            return ContentEndFrame.TryRead(ref reader, out var end)
                && (!_messages.TryGetValue(end.Transaction, out var message) || message.End());
        }

        if (type == DeliveryStartFrame.Type)
        {
            return DeliveryStartFrame.TryRead(ref reader, out var start) && Begin(start);
        }

        if (type == MailboxRecipientFrame.Type)
        {
            return MailboxRecipientFrame.TryRead(ref reader, out var recipient)
                && _messages.TryGetValue(recipient.Delivery, out var message) && message.Take(recipient);
        }

        if (type == DeliveryReadyFrame.Type)
        {
            return DeliveryReadyFrame.TryRead(ref reader, out var ready)
                && _messages.TryGetValue(ready.Delivery, out var message) && message.Ready();
        }

        return type == DeliveryCancelFrame.Type && DeliveryCancelFrame.TryRead(ref reader, out var cancel) && Cancel(cancel.Delivery);
    }

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        if (hostile)
        {
            _log.Warning("peer-refused").Word("peer", "local").Write();
        }

        IsOver = true;
        foreach (var message in _messages.Values.ToList())
        {
            message.Cancel();
        }

        _changed();
    }

    /// <summary>Tells what became of one copy.</summary>
    internal void Tell(IncomingMessage message, CopyState copy, DeliveryResult result)
    {
        _channel!.Send(RecipientResultFrame.Of(message.Number, copy.Number, result));
        if (!result.IsSuccess)
        {
            _log.Warning("not-delivered").Word("status", result.Status.ToString()).Quoted("mailbox", Encoding.Latin1.GetBytes(copy.Place.Folder))
                .Quoted("reason", result.Text.Span).Write();
        }
    }

    /// <summary>Grants content bytes back.</summary>
    internal void Grant(IncomingMessage message, int bytes) =>
        _channel!.Send(new CreditFrame { Transaction = message.Number, Bytes = (uint)bytes });

    /// <summary>A message is over.</summary>
    internal void Finish(IncomingMessage message, bool tell)
    {
        if (!_messages.Remove(message.Number))
        {
            return;
        }

        if (tell)
        {
            _channel!.Send(new DeliveryEndFrame { Delivery = message.Number });
        }

        _changed();
    }

    /// <summary>A mailbox had a delivery: once in this program's life what interrupted ones left there is cleaned away.</summary>
    internal void Visited(MailboxPlace place)
    {
        if (_visited.Count == MaxVisited)
        {
            _visited.Clear();
        }

        if (_visited.Add(place))
        {
            Workers.Add(new CleanWork(place, _loop.Time.GetUtcNow()) { Completed = OnCleaned });
        }
    }

    private bool Begin(scoped in DeliveryStartFrame start)
    {
        if (_messages.Count == MaxMessages || IncomingMessage.Begin(this, start) is not { } message
            || !_messages.TryAdd(start.Delivery, message))
        {
            return false;
        }

        _changed();
        return true;
    }

    private bool Cancel(uint number)
    {
        if (_messages.TryGetValue(number, out var message))
        {
            message.Cancel();
        }

        return true;
    }

    private void OnCleaned(DiskWork work)
    {
        if (((CleanWork)work).Removed is > 0 and var removed)
        {
            _log.Info("leftovers-removed").Number("files", removed).Write();
        }

        _changed();
    }
}
