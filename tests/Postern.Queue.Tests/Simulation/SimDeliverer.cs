using System.Text;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;

namespace Postern.Queue.Tests.Simulation;

/// <summary>Plays local and remote: takes attempts, and says at some time what became of them.</summary>
internal sealed class SimDeliverer(Ledger ledger, Random random) : PeerEnd
{
    private readonly Dictionary<uint, SeenAttempt> _open = [];

    /// <summary>True once everything is to succeed.</summary>
    internal bool IsKind { get; set; }

    internal bool IsBusy => _open.Count > 0;

    /// <summary>Ids of messages that are being delivered.</summary>
    internal IEnumerable<ulong> Messages => _open.Values.Select(attempt => attempt.Message);

    /// <summary>Answers one attempt that has come in whole.</summary>
    internal void Step()
    {
        var whole = _open.Values.Where(attempt => attempt.Ended).ToList();
        if (whole.Count == 0)
        {
            return;
        }

        var attempt = whole[random.Next(whole.Count)];
        if (attempt.Hop == HopKind.Exchangers)
        {
            // Two of the domains have the same exchangers, most of the time.
            var exchangers = attempt.Destination is "b.test" or "c.test" && random.Next(10) != 0 ? "10 mx.test" : "10 " + attempt.Destination;
            Channel.Send(new ExchangersFrame { Delivery = attempt.Delivery, Exchangers = Encoding.ASCII.GetBytes(exchangers) });
        }

        var story = ledger.Recognise(attempt);
        foreach (var (number, address, final) in attempt.Recipients)
        {
            Answer(attempt, story, number, address, final);
        }

        Channel.Send(new DeliveryEndFrame { Delivery = attempt.Delivery });
        _open.Remove(attempt.Delivery);
    }

    public override bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == DeliveryStartFrame.Type && DeliveryStartFrame.TryRead(ref reader, out var start))
        {
            Assert.False(ledger.Removed.Contains(start.Message), $"{start.Message} is tried although it was removed");
            Assert.False(ledger.Held.Contains(start.Message), $"{start.Message} is tried although it is held");
            _open.Add(start.Delivery, new SeenAttempt
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
            _open[recipient.Delivery].Recipients.Add((recipient.Recipient, Encoding.ASCII.GetString(recipient.Address), recipient.Final));
            return true;
        }

        if (type == DeliveryReadyFrame.Type && DeliveryReadyFrame.TryRead(ref reader, out var ready))
        {
            return _open[ready.Delivery].Ready = true;
        }

        if (type == ContentFrame.Type && ContentFrame.TryRead(ref reader, out var content))
        {
            _open[content.Transaction].Content.Append(Encoding.ASCII.GetString(content.Bytes));
            Channel.Send(new CreditFrame { Transaction = content.Transaction, Bytes = (uint)content.Bytes.Length });
            return true;
        }

        return type == ContentEndFrame.Type && ContentEndFrame.TryRead(ref reader, out var end) && (_open[end.Transaction].Ended = true);
    }

    private void Answer(SeenAttempt attempt, Story story, uint number, string address, bool final)
    {
        var lot = IsKind ? 0 : random.Next(10);
        if (lot >= 8)
        {
            Report(attempt, number, DeliveryOutcome.Temporary, random.Next(2) == 0 ? FaultOf.Peer : FaultOf.World);
        }
        else if (!final && Addresses.Meaning(address) is { } targets)
        {
            foreach (var target in targets)
            {
                Channel.Send(new ExpansionTargetFrame
                {
                    Delivery = attempt.Delivery,
                    Recipient = number,
                    Address = Encoding.ASCII.GetBytes(target),
                    List = Addresses.IsList(address),
                });
                ledger.Unfinished(story, target);
            }

            Report(attempt, number, DeliveryOutcome.Expanded, FaultOf.None);
        }
        else if (lot == 7)
        {
            ledger.Failed(story, address);
            Report(attempt, number, DeliveryOutcome.Permanent, FaultOf.Peer);
        }
        else
        {
            ledger.Delivered(story, address);
            Report(attempt, number, DeliveryOutcome.Delivered, FaultOf.None);
        }
    }

    private void Report(SeenAttempt attempt, uint number, DeliveryOutcome outcome, FaultOf fault) => Channel.Send(new RecipientResultFrame
    {
        Delivery = attempt.Delivery,
        Recipient = number,
        Outcome = outcome,
        Fault = fault,
        Status = outcome == DeliveryOutcome.Permanent ? 5_001_001u : outcome == DeliveryOutcome.Temporary ? 4_002_000u : 2_000_000u,
        Host = "there"u8,
        Text = "so it was"u8,
    });
}
