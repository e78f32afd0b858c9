using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Local.Links;
using Postern.Mail;

namespace Postern.Local.Deliveries;

/// <summary>The part of an attempt that one user's <c>deliver</c> makes.</summary>
internal sealed class UserCopy(LocalDelivery delivery, string user)
{
    private DeliverLink? _link;
    private IFrameSink? _sink;
    private long _credit = FrameLimits.ContentWindow;
    private bool _endSent;

    /// <summary>A system user, or empty for the owner of the virtual mailboxes.</summary>
    internal string User { get; } = user;

    /// <summary>Its number on the channel to the deliver.</summary>
    internal uint Number { get; private set; }

    /// <summary>The recipients whose mailboxes belong to the user.</summary>
    internal List<LocalRecipient> Recipients { get; } = new(1);

    /// <summary>Content bytes handed on so far.</summary>
    internal long Sent { get; private set; }

    /// <summary>True when every recipient has its result, or nobody waits for one.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>The deliver is there: begins, and sends on what has come meanwhile.</summary>
    internal void Begin(DeliverLink link, IFrameSink sink, uint number)
    {
        (_link, _sink, Number) = (link, sink, number);
        sink.Send(delivery.Start.For(number));
        foreach (var recipient in Recipients)
        {
            var (kind, _, folder) = recipient.Mailbox!.Value;
            sink.Send(new MailboxRecipientFrame
            {
                Delivery = number,
                Recipient = recipient.Number,
                Kind = kind,
                Folder = folder,
                Address = recipient.Address,
            });
        }

        sink.Send(new DeliveryReadyFrame { Delivery = number });
        delivery.Pump();
    }

    /// <summary>Hands on what is kept, as far as the deliver takes it.</summary>
    /// <param name="kept">The content that is kept.</param>
    /// <param name="start">How many bytes came before it.</param>
    internal void Send(ReadOnlySpan<byte> kept, long start)
    {
        if (_sink is null || IsOver)
        {
            return;
        }

        var rest = kept[(int)(Sent - start)..];
        while (!rest.IsEmpty && _credit > 0)
        {
            var piece = rest[..(int)Math.Min(rest.Length, Math.Min(_credit, FrameLimits.MaxContent))];
            _sink.Send(new ContentFrame { Transaction = Number, Bytes = piece });
            rest = rest[piece.Length..];
            Sent += piece.Length;
            _credit -= piece.Length;
        }

        if (delivery.ContentEnded && rest.IsEmpty && !_endSent)
        {
            _endSent = true;
            _sink.Send(new ContentEndFrame { Transaction = Number });
        }
    }

    /// <summary>The deliver takes more.</summary>
    internal void Grant(uint bytes)
    {
        _credit = Math.Min(_credit + bytes, FrameLimits.ContentWindow);
        delivery.Pump();
    }

    /// <summary>Takes the result of a recipient; false when it is none of ours or has one.</summary>
    internal bool TryTake(uint number, DeliveryResult result)
    {
        var recipient = Recipients.Find(known => known.Number == number && !known.IsTold);
        if (recipient is null)
        {
            return false;
        }

        delivery.Tell(recipient, result);
        return true;
    }

    /// <summary>The deliver says that it is done; false when a result is missing.</summary>
    internal bool TryEnd()
    {
        if (Recipients.Exists(recipient => !recipient.IsTold))
        {
            return false;
        }

        IsOver = true;
        delivery.Pump();
        return true;
    }

    /// <summary>The deliver can't do it or is gone: every recipient without a result gets this one.</summary>
    internal void Fail(DeliveryResult result)
    {
        if (IsOver)
        {
            return;
        }

        IsOver = true;
        Recipients.ForEach(recipient => delivery.Tell(recipient, result));
        delivery.Pump();
    }

    /// <summary>Nobody waits for it any more.</summary>
    internal void Cancel()
    {
        if (!IsOver)
        {
            IsOver = true;
            _sink?.Send(new DeliveryCancelFrame { Delivery = Number });
            _link?.Forget(this);
        }
    }
}
