using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Directory;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Local.Links;

namespace Postern.Local.Deliveries;

/// <summary>One attempt: asks what each recipient means, hands the message to each user's <c>deliver</c>, collects the results.</summary>
/// <remarks>
/// Content is kept only until the slowest of the users' delivers has taken it, and the queue is granted no more than that:
/// a message of any size takes constant memory here.
/// </remarks>
internal sealed class LocalDelivery
{
    private readonly List<LocalRecipient> _recipients = new(1);
    private readonly List<UserCopy> _copies = new(1);
    private readonly ByteQueue _content = new();
    private readonly DirectoryLink _directory;
    private readonly DeliverLinks _delivers;
    private long _consumed;
    private bool _contentEnded;
    private bool _handedOver;
    private bool _over;

    internal LocalDelivery(uint number, AttemptStart start, DirectoryLink directory, DeliverLinks delivers)
    {
        (Number, Start, _directory, _delivers) = (number, start, directory, delivers);
    }

    /// <summary>The queue's number for it.</summary>
    internal uint Number { get; }

    /// <summary>The message's facts, for <c>deliver</c>.</summary>
    internal AttemptStart Start { get; }

    /// <summary>Where results and grants go.</summary>
    internal required IFrameSink Queue { get; init; }

    /// <summary>Called once when it is over.</summary>
    internal required Action<LocalDelivery> Over { get; init; }

    /// <summary>Bytes of content from the start that were taken so far.</summary>
    internal long Received => _consumed + _content.Length;

    /// <summary>True when no more content will come.</summary>
    internal bool ContentEnded => _contentEnded;

    /// <summary>Takes a recipient.</summary>
    internal void Add(LocalRecipient recipient) => _recipients.Add(recipient);

    /// <summary>All recipients were told: asks what they mean.</summary>
    internal bool Ready()
    {
        if (_recipients.Count == 0)
        {
            return false;
        }

        // A user's own delivery instructions will be asked for here, before the mailbox is taken for the answer.
        foreach (var recipient in _recipients)
        {
            _directory.Ask(this, recipient);
        }

        return true;
    }

    /// <summary>Takes a piece of content; false when the queue sends more than it was granted.</summary>
    internal bool Take(ReadOnlySpan<byte> content)
    {
        if (_content.Length + content.Length > FrameLimits.ContentWindow + FrameLimits.MaxContent)
        {
            return false;
        }

        _content.Append(content);
        Pump();
        return true;
    }

    /// <summary>The content is complete.</summary>
    internal void EndContent()
    {
        _contentEnded = true;
        Pump();
    }

    /// <summary>A recipient's meaning is known.</summary>
    internal void Understood(LocalRecipient recipient, MeaningOutcome outcome)
    {
        recipient.IsUnderstood = true;
        if (outcome != MeaningOutcome.Found || (recipient.Mailbox is null && recipient.Targets.Count == 0))
        {
            recipient.Result = Results.Of(outcome == MeaningOutcome.Found ? MeaningOutcome.Unknown : outcome);
        }
        else if (recipient.Targets.Count > 0)
        {
            SendTargets(recipient);
            recipient.Result = Results.Expanded;
        }

        if (_recipients.TrueForAll(known => known.IsUnderstood))
        {
            HandOver();
        }
    }

    /// <summary>Something of a copy changed: sends on what can be sent, and ends when nothing is left to do.</summary>
    internal void Pump()
    {
        if (!_handedOver || _over)
        {
            return;
        }

        var slowest = Received;
        foreach (var copy in _copies)
        {
            copy.Send(_content.Span, _consumed);
            slowest = Math.Min(slowest, copy.IsOver ? slowest : copy.Sent);
        }

        var gone = (int)(slowest - _consumed);
        if (gone > 0)
        {
            _content.Consume(gone);
            _consumed = slowest;
            Queue.Send(new CreditFrame { Transaction = Number, Bytes = (uint)gone });
        }

        if (_copies.TrueForAll(copy => copy.IsOver))
        {
            Finish();
        }
    }

    /// <summary>Nobody waits for it any more.</summary>
    internal void Abandon()
    {
        foreach (var copy in _copies)
        {
            copy.Cancel();
        }
    }

    private void HandOver()
    {
        foreach (var recipient in _recipients.Where(recipient => recipient.Result is null))
        {
            var user = recipient.Mailbox!.Value.User;
            var copy = _copies.Find(known => known.User == user);
            if (copy is null)
            {
                copy = new UserCopy(this, user);
                _copies.Add(copy);
            }

            copy.Recipients.Add(recipient);
        }

        _handedOver = true;
        foreach (var copy in _copies.ToList())
        {
            _delivers.HandOver(copy);
        }

        Pump();
    }

    private void SendTargets(LocalRecipient recipient)
    {
        if (recipient.Mailbox is not null)
        {
            // It keeps a copy: the address itself is one of its targets, final this time.
            SendTarget(recipient, recipient.Address);
        }

        recipient.Targets.ForEach(target => SendTarget(recipient, target));
    }

    private void SendTarget(LocalRecipient recipient, byte[] address) => Queue.Send(new ExpansionTargetFrame
    {
        Delivery = Number,
        Recipient = recipient.Number,
        Address = address,
        List = recipient.IsList,
    });

    private void Finish()
    {
        _over = true;
        foreach (var recipient in _recipients)
        {
            Queue.Send(RecipientResultFrame.Of(Number, recipient.Number, recipient.Result ?? Results.Interrupted));
        }

        Queue.Send(new DeliveryEndFrame { Delivery = Number });
        Over(this);
    }
}
