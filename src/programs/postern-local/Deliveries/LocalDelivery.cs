using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Directory;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Local.Links;
using Postern.Loop;
using Postern.Mail;

namespace Postern.Local.Deliveries;

/// <summary>One attempt: asks what each recipient means, hands the message to each user's <c>deliver</c>, collects the results.</summary>
/// <remarks>
/// Content is kept only until the slowest of the users' delivers has taken it, and the queue is granted no more than that:
/// a message of any size takes constant memory here. A result is passed on as soon as it is known, so that little is
/// repeated when this program dies.
/// </remarks>
internal sealed class LocalDelivery
{
    /// <summary>Addresses that the recipients of one attempt may stand for together: the queue takes no more.</summary>
    internal const int MaxTargets = 10_000;

    private readonly List<LocalRecipient> _recipients = new(1);
    private readonly List<UserCopy> _copies = new(1);
    private readonly ByteQueue _content = new();
    private readonly DirectoryLink _directory;
    private readonly DeliverLinks _delivers;

    /// <summary>Bytes of content that every copy has taken and that are not kept any more.</summary>
    private long _consumed;

    /// <summary>Recipients whose meaning is not known yet; −1 before they were asked for.</summary>
    private int _unknown = -1;

    /// <summary>Targets that were told to the queue.</summary>
    private int _targets;

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

    /// <summary>True once nobody waits for anything of it any more.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>True when no more content will come.</summary>
    internal bool ContentEnded { get; private set; }

    /// <summary>Takes a recipient; false when it comes too late, twice, or is one too many.</summary>
    internal bool Add(LocalRecipient recipient)
    {
        if (_unknown >= 0 || _recipients.Count == DeliveryLimits.MaxRecipients
            || _recipients.Exists(other => other.Number == recipient.Number))
        {
            return false;
        }

        _recipients.Add(recipient);
        return true;
    }

    /// <summary>All recipients were told: asks what they mean.</summary>
    internal bool Ready()
    {
        if (_unknown >= 0 || _recipients.Count == 0)
        {
            return false;
        }

        // A user's own delivery instructions will be asked for here, before the mailbox is taken for the answer.
        _unknown = _recipients.Count;
        foreach (var recipient in _recipients)
        {
            _directory.Ask(this, recipient);
        }

        return true;
    }

    /// <summary>Takes a piece of content; false when the queue sends more than it was granted, or after the end.</summary>
    internal bool Take(ReadOnlySpan<byte> content)
    {
        if (ContentEnded || _content.Length + content.Length > FrameLimits.ContentWindow + FrameLimits.MaxContent)
        {
            return false;
        }

        _content.Append(content);
        Pump();
        return true;
    }

    /// <summary>The content is complete; false when it was already.</summary>
    internal bool EndContent()
    {
        var first = !ContentEnded;
        ContentEnded = true;
        Pump();
        return first;
    }

    /// <summary>A recipient's meaning is known.</summary>
    internal void Understood(LocalRecipient recipient, MeaningOutcome outcome)
    {
        if (IsOver)
        {
            return;
        }

        if (outcome != MeaningOutcome.Found || (recipient.Mailbox is null && recipient.Targets.Count == 0))
        {
            Tell(recipient, Results.Of(outcome == MeaningOutcome.Found ? MeaningOutcome.Unknown : outcome));
        }
        else if (recipient.Targets.Count > 0)
        {
            Expand(recipient);
            recipient.Targets.Clear();
            recipient.Targets.TrimExcess();
        }

        if (--_unknown == 0)
        {
            HandOver();
        }
    }

    /// <summary>Tells what became of a recipient, once.</summary>
    internal void Tell(LocalRecipient recipient, DeliveryResult result)
    {
        if (!recipient.IsTold)
        {
            recipient.IsTold = true;
            Queue.Send(RecipientResultFrame.Of(Number, recipient.Number, result));
        }
    }

    /// <summary>Something of a copy changed: sends on what can be sent, and ends when nothing is left to do.</summary>
    internal void Pump()
    {
        if (_unknown != 0 || IsOver)
        {
            return;
        }

        var slowest = _consumed + _content.Length;
        foreach (var copy in _copies)
        {
            copy.Send(_content.Span, _consumed);
            slowest = copy.IsOver ? slowest : Math.Min(slowest, copy.Sent);
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
            IsOver = true;
            Queue.Send(new DeliveryEndFrame { Delivery = Number });
            Over(this);
        }
    }

    /// <summary>Nobody waits for it any more: no result is told from here on.</summary>
    internal void Abandon()
    {
        IsOver = true;
        foreach (var copy in _copies)
        {
            copy.Cancel();
        }
    }

    /// <summary>Gives each user's deliver the recipients whose mailboxes are that user's.</summary>
    private void HandOver()
    {
        foreach (var recipient in _recipients.Where(recipient => !recipient.IsTold))
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

        foreach (var copy in _copies)
        {
            _delivers.HandOver(copy);
        }

        Pump();
    }

    /// <summary>Tells the queue the addresses that a recipient stands for, and that it does.</summary>
    private void Expand(LocalRecipient recipient)
    {
        // An address with a mailbox of its own keeps a copy: it is one of its targets, and final this time.
        var keeps = recipient.Mailbox is not null;
        var count = recipient.Targets.Count + (keeps ? 1 : 0);
        if (count > MaxTargets)
        {
            Tell(recipient, Results.Of(MeaningOutcome.TooMany));
            return;
        }

        if (_targets + count > MaxTargets)
        {
            Tell(recipient, Results.TooManyTogether);
            return;
        }

        _targets += count;
        var list = recipient.IsList || count > 1;
        if (keeps)
        {
            SendTarget(recipient, recipient.Address, list);
        }

        recipient.Targets.ForEach(target => SendTarget(recipient, target, list));
        Tell(recipient, Results.Expanded);
    }

    private void SendTarget(LocalRecipient recipient, byte[] address, bool list) => Queue.Send(new ExpansionTargetFrame
    {
        Delivery = Number,
        Recipient = recipient.Number,
        Address = address,
        List = list,
    });
}
