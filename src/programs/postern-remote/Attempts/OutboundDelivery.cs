using System.Text;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Submission;
using Postern.Loop;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Session;

namespace Postern.Remote.Attempts;

/// <summary>One attempt to hand one message to one next hop: envelope, content and results.</summary>
internal sealed class OutboundDelivery
{
    /// <summary>For a recipient that was forgotten.</summary>
    internal static readonly DeliveryResult InternalError = DeliveryResult.Temporary(EnhancedStatus.SystemFailure, FaultOf.World, "internal error"u8);

    private readonly IFrameSink _queue;
    private readonly byte[] _envelopeId;

    internal OutboundDelivery(scoped in DeliveryStartFrame frame, IFrameSink queue, ByteQueue content)
    {
        _queue = queue;
        Number = frame.Delivery;
        Hop = Hop.Of(frame);
        HasSender = frame.Sender.IsEmpty;
        if (Mailbox.TryParse(frame.Sender, allowUtf8: true, out var sender))
        {
            Sender = sender;
            HasSender = true;
        }

        _envelopeId = frame.EnvelopeId.ToArray();
        Return = frame.Return;
        Body = frame.Body;
        Handling = frame.Handling;
        Size = frame.Size;
        Content = new ContentQueue(frame.Size, content);
    }

    /// <summary>The queue's number for it.</summary>
    internal uint Number { get; }

    /// <summary>Where to.</summary>
    internal Hop Hop { get; }

    /// <summary>The sender; null is the null sender.</summary>
    internal Mailbox? Sender { get; }

    /// <summary>False when the sender that came is no address.</summary>
    internal bool HasSender { get; }

    /// <summary>ENVID in xtext, or empty.</summary>
    internal ReadOnlySpan<byte> EnvelopeId => _envelopeId;

    /// <summary>RET.</summary>
    internal ReturnContent Return { get; }

    /// <summary>BODY.</summary>
    internal BodyType Body { get; }

    /// <summary>How the message asks to be carried.</summary>
    internal Handling Handling { get; }

    /// <summary>True when the message needs SMTPUTF8.</summary>
    internal bool SmtpUtf8 => Handling.HasFlag(Handling.SmtpUtf8);

    /// <summary>True when the message may go only where REQUIRETLS holds (RFC 8689 §4.2.1).</summary>
    internal bool RequiresTls => Handling.HasFlag(Handling.RequireTls);

    /// <summary>True when the message may go even where a policy about TLS can't be met (RFC 8689 §4.2.2).</summary>
    internal bool IsTlsOptional => Handling.HasFlag(Handling.TlsOptional);

    /// <summary>True for a report of our own about TLS: it goes out whatever is wrong with that (RFC 8460 §3).</summary>
    internal bool IsReport { get; init; }

    /// <summary>Bytes of content.</summary>
    internal ulong Size { get; }

    /// <summary>The recipients, with their results.</summary>
    internal List<OutboundRecipient> Recipients { get; } = new(1);

    /// <summary>The content.</summary>
    internal ContentQueue Content { get; }

    /// <summary>True once the queue has told everything but the content.</summary>
    internal bool IsRunning { get; set; }

    /// <summary>True when the queue wants no result any more.</summary>
    internal bool IsCancelled { get; private set; }

    /// <summary>The session that works for it at present.</summary>
    internal SmtpClientSession? Session { get; set; }

    /// <summary>True while a recipient has no result.</summary>
    internal bool HasPending => Recipients.Exists(static recipient => recipient.Result is null);

    /// <summary>Gives it up: whoever works for it finds the connection closed.</summary>
    internal void Cancel()
    {
        IsCancelled = true;
        Session?.Dispose();
        Content.Lose();
    }

    /// <summary>Recipients without a result, at most so many.</summary>
    internal List<OutboundRecipient> Next(int most)
    {
        if (Recipients.Count <= most && Recipients.TrueForAll(static recipient => recipient.Result is null))
        {
            return Recipients; // They stay the same from here on.
        }

        var next = new List<OutboundRecipient>(Math.Min(Recipients.Count, most));
        foreach (var recipient in Recipients)
        {
            if (recipient.Result is null && next.Count < most)
            {
                next.Add(recipient);
            }
        }

        return next;
    }

    /// <summary>Gives this result to every recipient that has none.</summary>
    internal void Settle(DeliveryResult result)
    {
        foreach (var recipient in Recipients)
        {
            recipient.Settle(result);
        }
    }

    /// <summary>Lets the queue send as much as was passed on.</summary>
    internal void GrantCredit()
    {
        if (Content.TakeCredit() is > 0 and var credit)
        {
            _queue.Send(new CreditFrame { Transaction = Number, Bytes = credit });
        }
    }

    /// <summary>Tells the queue which exchangers the domain has, so that domains which share them share their pace.</summary>
    internal void Tell(string exchangers)
    {
        if (exchangers.Length is > 0 and <= DeliveryLimits.MaxExchangers && !IsCancelled)
        {
            _queue.Send(new ExchangersFrame { Delivery = Number, Exchangers = Encoding.ASCII.GetBytes(exchangers) });
        }
    }

    /// <summary>Tells the queue the results.</summary>
    internal void Report()
    {
        if (IsCancelled)
        {
            return;
        }

        foreach (var recipient in Recipients)
        {
            var result = recipient.Result!;
            _queue.Send(new RecipientResultFrame
            {
                Delivery = Number,
                Recipient = recipient.Number,
                Outcome = result.Outcome,
                Fault = result.FaultOf,
                Status = (result.Status.Class * 1_000_000u) + (result.Status.Subject * 1_000u) + result.Status.Detail,
                Host = result.RemoteHost.Span,
                Text = result.Text.Span,
            });
        }

        _queue.Send(new DeliveryEndFrame { Delivery = Number });
    }
}
