using System.Text;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Notices;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;

namespace Postern.Queue.Tests;

/// <summary>The test's end of one channel of the queue.</summary>
internal abstract class PeerEnd : IChannelEvents
{
    internal Channel Channel { get; set; } = null!;

    internal bool Closed { get; private set; }

    public abstract bool OnFrame(Channel channel, ushort type, ref FrameReader reader);

    public void OnChannelClosed(Channel channel, bool hostile)
    {
        Assert.False(hostile, "the queue sent a frame that its peer does not know");
        Closed = true;
    }
}

/// <summary>Plays smtpd.</summary>
internal sealed class SubmitterEnd : PeerEnd
{
    private uint _next;

    internal Dictionary<uint, ulong> Ids { get; } = [];

    internal Dictionary<uint, SubmissionOutcome> Answers { get; } = [];

    internal QueueCondition Condition { get; private set; }

    /// <summary>Hands a whole message in; the answer comes with the next turns.</summary>
    internal uint Submit(string sender, string content, params string[] recipients) => Submit(sender, content, NotifyOn.Unspecified, recipients);

    internal uint Submit(string sender, string content, NotifyOn notify, params string[] recipients) =>
        Submit(new SentMail { Sender = sender, Content = content, Notify = notify }, recipients);

    internal uint Submit(SentMail mail, params string[] recipients)
    {
        var transaction = Begin(mail, recipients);
        foreach (var piece in mail.Content.Split('|'))
        {
            Channel.Send(new ContentFrame { Transaction = transaction, Bytes = Encoding.Latin1.GetBytes(piece) });
        }

        Channel.Send(new CommitFrame { Transaction = transaction });
        return transaction;
    }

    internal uint Begin(string sender, NotifyOn notify, params string[] recipients) =>
        Begin(new SentMail { Sender = sender, Notify = notify }, recipients);

    private uint Begin(SentMail mail, string[] recipients)
    {
        var transaction = ++_next;
        Channel.Send(new OpenMessageFrame { Transaction = transaction });
        Channel.Send(new SenderFrame
        {
            Transaction = transaction,
            Address = Encoding.ASCII.GetBytes(mail.Sender),
            EnvelopeId = Encoding.ASCII.GetBytes(mail.EnvelopeId),
            Return = mail.Return,
            Body = BodyType.SevenBit,
            Handling = mail.Handling,
            Release = mail.Release,
            Protocol = MailProtocol.Esmtp,
            Client = new byte[16],
        });
        foreach (var recipient in recipients)
        {
            Channel.Send(new RecipientFrame
            {
                Transaction = transaction,
                Address = Encoding.ASCII.GetBytes(recipient),
                Original = Encoding.ASCII.GetBytes(mail.Original),
                Notify = (ushort)mail.Notify,
            });
        }

        return transaction;
    }

    public override bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == MessageOpenedFrame.Type && MessageOpenedFrame.TryRead(ref reader, out var opened))
        {
            Ids.Add(opened.Transaction, opened.Message);
            return true;
        }

        if (type == SubmissionAnswerFrame.Type && SubmissionAnswerFrame.TryRead(ref reader, out var answer))
        {
            Answers.Add(answer.Transaction, answer.Outcome);
            return true;
        }

        if (type == QueueStateFrame.Type && QueueStateFrame.TryRead(ref reader, out var state))
        {
            Condition = state.Condition;
            return true;
        }

        return type == CreditFrame.Type && CreditFrame.TryRead(ref reader, out _);
    }
}

/// <summary>One attempt as <c>local</c> or <c>remote</c> sees it.</summary>
internal sealed class SeenAttempt
{
    internal required uint Delivery { get; init; }

    internal required ulong Message { get; init; }

    internal required HopKind Hop { get; init; }

    internal required string Destination { get; init; }

    internal required string Sender { get; init; }

    internal required BodyType Body { get; init; }

    internal required Handling Handling { get; init; }

    internal List<(uint Number, string Address, bool Final)> Recipients { get; } = [];

    /// <summary>NOTIFY and ORCPT of each recipient.</summary>
    internal List<(NotifyOn Notify, string Original)> Requests { get; } = [];

    internal StringBuilder Content { get; } = new();

    internal bool Ready { get; set; }

    internal bool Ended { get; set; }

    internal bool Answered { get; set; }
}

/// <summary>Plays local or remote: keeps every attempt until the test answers it.</summary>
internal sealed class DelivererEnd : PeerEnd
{
    /// <summary>All attempts so far, in order.</summary>
    internal List<SeenAttempt> Attempts { get; } = [];

    internal SeenAttempt Single => Assert.Single(Attempts);

    /// <summary>False for a slow reader: what it has read it does not grant anew.</summary>
    internal bool Grants { get; set; } = true;

    /// <summary>Lets the queue send more of an attempt's content.</summary>
    internal void Grant(SeenAttempt attempt, uint bytes) => Channel.Send(new CreditFrame { Transaction = attempt.Delivery, Bytes = bytes });

    /// <summary>Answers every recipient of an attempt alike and ends it.</summary>
    internal void Answer(SeenAttempt attempt, DeliveryOutcome outcome, FaultOf fault = FaultOf.Peer)
    {
        foreach (var (number, _, _) in attempt.Recipients)
        {
            Answer(attempt, number, outcome, fault);
        }

        End(attempt);
    }

    internal void Answer(SeenAttempt attempt, uint recipient, DeliveryOutcome outcome, FaultOf fault = FaultOf.Peer, string text = "so it was") =>
        Channel.Send(new RecipientResultFrame
        {
            Delivery = attempt.Delivery,
            Recipient = recipient,
            Outcome = outcome,
            Fault = outcome == DeliveryOutcome.Delivered ? FaultOf.None : fault,
            Status = outcome == DeliveryOutcome.Permanent ? 5_001_001u : outcome == DeliveryOutcome.Temporary ? 4_002_000u : 2_000_000u,
            Host = "there"u8,
            Text = Encoding.ASCII.GetBytes(text),
        });

    internal void Target(SeenAttempt attempt, uint recipient, string address, bool list = false) =>
        Channel.Send(new ExpansionTargetFrame
        {
            Delivery = attempt.Delivery,
            Recipient = recipient,
            Address = Encoding.ASCII.GetBytes(address),
            List = list,
        });

    internal void End(SeenAttempt attempt)
    {
        attempt.Answered = true;
        Channel.Send(new DeliveryEndFrame { Delivery = attempt.Delivery });
    }

    public override bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == DeliveryStartFrame.Type && DeliveryStartFrame.TryRead(ref reader, out var start))
        {
            Attempts.Add(new SeenAttempt
            {
                Delivery = start.Delivery,
                Message = start.Message,
                Hop = start.Hop,
                Destination = Encoding.ASCII.GetString(start.Destination),
                Sender = Encoding.ASCII.GetString(start.Sender),
                Body = start.Body,
                Handling = start.Handling,
            });
            return true;
        }

        if (type == DeliveryRecipientFrame.Type && DeliveryRecipientFrame.TryRead(ref reader, out var recipient))
        {
            var attempt = Find(recipient.Delivery);
            attempt.Recipients.Add((recipient.Recipient, Encoding.ASCII.GetString(recipient.Address), recipient.Final));
            attempt.Requests.Add(((NotifyOn)recipient.Notify, Encoding.ASCII.GetString(recipient.Original)));
            return true;
        }

        if (type == DeliveryReadyFrame.Type && DeliveryReadyFrame.TryRead(ref reader, out var ready))
        {
            return Find(ready.Delivery).Ready = true;
        }

        if (type == ContentFrame.Type && ContentFrame.TryRead(ref reader, out var content))
        {
            Find(content.Transaction).Content.Append(Encoding.ASCII.GetString(content.Bytes));
            if (Grants)
            {
                Grant(Find(content.Transaction), (uint)content.Bytes.Length);
            }

            return true;
        }

        return type == ContentEndFrame.Type && ContentEndFrame.TryRead(ref reader, out var end) && (Find(end.Transaction).Ended = true);
    }

    // From the end: there may be thousands.
    private SeenAttempt Find(uint delivery) => Attempts.Last(attempt => attempt.Delivery == delivery);
}
