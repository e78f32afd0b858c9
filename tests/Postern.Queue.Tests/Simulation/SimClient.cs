using System.Text;
using Postern.Ipc;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;

namespace Postern.Queue.Tests.Simulation;

/// <summary>Plays smtpd: several messages at a time, in pieces, some of them withdrawn.</summary>
internal sealed class SimClient(Ledger ledger, Random random) : PeerEnd
{
    private readonly Dictionary<uint, Outgoing> _open = [];
    private readonly Dictionary<uint, Outgoing> _asked = [];
    private uint _next;

    internal void Step()
    {
        if (_open.Count == 0 || (_open.Count < 4 && random.Next(3) == 0))
        {
            Begin();
            return;
        }

        var (number, message) = _open.ElementAt(random.Next(_open.Count));
        if (random.Next(20) == 0)
        {
            Channel.Send(new AbortFrame { Transaction = number });
            message.Story.Standing = Standing.Refused;
            _open.Remove(number);
        }
        else if (message.Sent < message.Story.Content.Length)
        {
            SendPiece(number, message);
        }
        else
        {
            Channel.Send(new CommitFrame { Transaction = number });
            _open.Remove(number);
            _asked.Add(number, message);
        }
    }

    /// <summary>The channel is gone: what was not asked for never was.</summary>
    internal void Abandon()
    {
        foreach (var message in _open.Values)
        {
            message.Story.Standing = Standing.Refused;
        }

        _open.Clear();
    }

    public override bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == MessageOpenedFrame.Type && MessageOpenedFrame.TryRead(ref reader, out var opened))
        {
            if (_open.TryGetValue(opened.Transaction, out var message) || _asked.TryGetValue(opened.Transaction, out message))
            {
                ledger.Issued(message.Story, opened.Message);
            }

            return true;
        }

        if (type == SubmissionAnswerFrame.Type && SubmissionAnswerFrame.TryRead(ref reader, out var answer))
        {
            Assert.True(_asked.Remove(answer.Transaction, out var message));
            message!.Story.Standing = answer.Outcome switch
            {
                SubmissionOutcome.Committed => Standing.Promised,
                SubmissionOutcome.Failed => Standing.Open,
                _ => Standing.Refused,
            };
            return true;
        }

        return (type == QueueStateFrame.Type && QueueStateFrame.TryRead(ref reader, out _))
            || (type == CreditFrame.Type && CreditFrame.TryRead(ref reader, out _));
    }

    private void Begin()
    {
        var filler = random.Next(8) == 0 ? random.Next(30_000) : random.Next(600);
        var story = ledger.Begin(Addresses.AnySender(random), filler);
        // By its number and not by lot, so that each seed's world stays the one that it was.
        story.Handling = (story.Token % 3) switch { 1 => Handling.RequireTls, 2 => Handling.TlsOptional | Handling.SmtpUtf8, _ => Handling.None };
        story.Release = story.Token % 7 == 3 ? story.Since + TimeSpan.FromMinutes(story.Token % 50) : default;
        var number = ++_next;
        Channel.Send(new OpenMessageFrame { Transaction = number });
        Channel.Send(new SenderFrame
        {
            Transaction = number,
            Address = Encoding.ASCII.GetBytes(story.Sender),
            EnvelopeId = default,
            Return = random.Next(3) == 0 ? ReturnContent.Full : ReturnContent.Unspecified,
            Body = BodyType.SevenBit,
            Handling = story.Handling,
            Release = story.Release == default ? 0 : (uint)story.Release.ToUnixTimeSeconds(),
            Protocol = MailProtocol.Esmtp,
            Client = new byte[16],
        });
        for (var count = random.Next(4) == 0 ? random.Next(1, 7) : 1; count > 0; count--)
        {
            var notify = random.Next(3) != 0 ? NotifyOn.Unspecified
                : random.Next(3) == 0 ? NotifyOn.Never
                : (NotifyOn.Success | NotifyOn.Failure | NotifyOn.Delay) & (NotifyOn)random.Next(1, 16);
            notify = notify == 0 ? NotifyOn.Success : notify;
            var address = Addresses.AnyRecipient(random);
            story.Recipients.Add((address, notify));
            Channel.Send(new RecipientFrame
            {
                Transaction = number,
                Address = Encoding.ASCII.GetBytes(address),
                Original = default,
                Notify = (ushort)notify,
            });
        }

        _open.Add(number, new Outgoing(story));
    }

    private void SendPiece(uint number, Outgoing message)
    {
        var left = message.Story.Content.Length - message.Sent;
        var length = random.Next(3) == 0 ? random.Next(1, left + 1) : left;
        Channel.Send(new ContentFrame
        {
            Transaction = number,
            Bytes = Encoding.ASCII.GetBytes(message.Story.Content.Substring(message.Sent, length)),
        });
        message.Sent += length;
    }

    private sealed class Outgoing(Story story)
    {
        internal Story Story { get; } = story;

        internal int Sent { get; set; }
    }
}
