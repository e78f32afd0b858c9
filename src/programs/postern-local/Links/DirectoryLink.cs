using Postern.Ipc;
using Postern.Ipc.Directory;
using Postern.Ipc.Wire;
using Postern.Local.Deliveries;
using Postern.Role.Logging;

namespace Postern.Local.Links;

/// <summary>The channel to the directory: what does this address mean?</summary>
internal sealed class DirectoryLink(EventLog log) : IChannelEvents
{
    /// <summary>Targets of one alias; the directory's own limit.</summary>
    private const int MaxTargets = 10_000;

    /// <summary>
    /// Questions under way: each may be answered with ten thousand addresses, which are kept here until the last has come.
    /// Arbitrary; the directory answers at once, so more would not be faster.
    /// </summary>
    internal const int MaxAsked = 16;

    /// <summary>Bytes that the queue may have left unread when the next question is asked: its answer goes there. Arbitrary.</summary>
    private const int MaxUnsent = 1024 * 1024;

    private readonly Queue<(LocalDelivery Delivery, LocalRecipient Recipient)> _waiting = new();
    private readonly Dictionary<uint, (LocalDelivery Delivery, LocalRecipient Recipient)> _asked = [];
    private IFrameSink? _sink;
    private uint _next;

    /// <summary>A fresh channel.</summary>
    internal void Join(Channel channel)
    {
        FailAsked();
        _sink = channel;
        AskNext();
    }

    /// <summary>Asks what a recipient means; the delivery is told.</summary>
    internal void Ask(LocalDelivery delivery, LocalRecipient recipient)
    {
        if (_sink is null)
        {
            delivery.Understood(recipient, MeaningOutcome.Unavailable);
            return;
        }

        _waiting.Enqueue((delivery, recipient));
        AskNext();
    }

    /// <summary>Asks what waits, as far as there is room for the answers.</summary>
    internal void AskNext()
    {
        while (_sink is not null && _asked.Count < MaxAsked && _waiting.TryPeek(out var next)
            && (next.Delivery.IsOver || next.Delivery.Queue.Unsent <= MaxUnsent))
        {
            _waiting.Dequeue();
            if (!next.Delivery.IsOver)
            {
                _asked.Add(++_next, next);
                _sink.Send(new MeaningQuestionFrame { Question = _next, Address = next.Recipient.Address, Final = next.Recipient.Final });
            }
        }
    }

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == MeaningMailboxFrame.Type && MeaningMailboxFrame.TryRead(ref reader, out var mailbox)
            && _asked.TryGetValue(mailbox.Question, out var asked) && asked.Recipient.Mailbox is null)
        {
            asked.Recipient.Mailbox = (mailbox.Kind, mailbox.User, mailbox.Folder.ToArray());
            return true;
        }

        if (type == MeaningTargetFrame.Type && MeaningTargetFrame.TryRead(ref reader, out var target)
            && _asked.TryGetValue(target.Question, out asked) && asked.Recipient.Targets.Count < MaxTargets && !asked.Recipient.Final)
        {
            asked.Recipient.Targets.Add(target.Address.ToArray());
            return true;
        }

        if (type == MeaningEndFrame.Type && MeaningEndFrame.TryRead(ref reader, out var end) && _asked.Remove(end.Question, out asked))
        {
            asked.Recipient.IsList = end.List;
            asked.Delivery.Understood(asked.Recipient, end.Outcome);
            AskNext();
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        if (hostile)
        {
            log.Warning("peer-refused").Word("peer", "directory").Write();
        }

        if (ReferenceEquals(channel, _sink))
        {
            _sink = null;
            FailAsked();
            while (_waiting.TryDequeue(out var waiting))
            {
                waiting.Delivery.Understood(waiting.Recipient, MeaningOutcome.Unavailable);
            }
        }
    }

    private void FailAsked()
    {
        var asked = _asked.Values.ToList();
        _asked.Clear();
        foreach (var (delivery, recipient) in asked)
        {
            delivery.Understood(recipient, MeaningOutcome.Unavailable);
        }
    }
}
