using System.Text;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;

namespace Postern.Crash.Bare;

/// <summary>Plays local: takes every message for everybody but those who are away, and keeps what came.</summary>
internal sealed class Recipients : IChannelEvents
{
    /// <summary>Whoever has this in their address is served in the second life only.</summary>
    internal const string Away = "away";

    /// <summary>These have it, too, and may be the last to stay away.</summary>
    internal const string FarAway = "faraway";

    private readonly Dictionary<uint, Attempt> _attempts = [];

    internal Channel Channel { get; set; } = null!;

    /// <summary>Whether those who are away have come back.</summary>
    internal bool AllAreHere { get; set; }

    /// <summary>Who is away has this in the address.</summary>
    internal string WhoIsAway { get; set; } = Away;

    /// <summary>What was delivered to whom, in order.</summary>
    internal List<(string Recipient, string Content)> Delivered { get; } = [];

    /// <summary>Attempts that were begun.</summary>
    internal int Begun { get; private set; }

    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == DeliveryStartFrame.Type && DeliveryStartFrame.TryRead(ref reader, out var start))
        {
            _attempts.Add(start.Delivery, new Attempt());
            Begun++;
            return true;
        }

        if (type == DeliveryRecipientFrame.Type && DeliveryRecipientFrame.TryRead(ref reader, out var recipient))
        {
            _attempts[recipient.Delivery].Recipients.Add((recipient.Recipient, Encoding.ASCII.GetString(recipient.Address)));
            return true;
        }

        if (type == ContentFrame.Type && ContentFrame.TryRead(ref reader, out var content))
        {
            _attempts[content.Transaction].Content.Append(Encoding.Latin1.GetString(content.Bytes));
            Channel.Send(new CreditFrame { Transaction = content.Transaction, Bytes = (uint)content.Bytes.Length });
            return true;
        }

        if (type == ContentEndFrame.Type && ContentEndFrame.TryRead(ref reader, out var end))
        {
            Answer(end.Transaction);
            return true;
        }

        return type == DeliveryReadyFrame.Type && DeliveryReadyFrame.TryRead(ref reader, out _);
    }

    public void OnChannelClosed(Channel channel, bool hostile) => Assert.False(hostile, "the queue sent a frame that local does not know");

    private void Answer(uint delivery)
    {
        Assert.True(_attempts.Remove(delivery, out var attempt));
        foreach (var (number, address) in attempt.Recipients)
        {
            var away = !AllAreHere && address.Contains(WhoIsAway, StringComparison.Ordinal);
            if (!away)
            {
                Delivered.Add((address, attempt.Content.ToString()));
            }

            Channel.Send(new RecipientResultFrame
            {
                Delivery = delivery,
                Recipient = number,
                Outcome = away ? DeliveryOutcome.Temporary : DeliveryOutcome.Delivered,
                Fault = away ? FaultOf.Peer : FaultOf.None,
                Status = away ? 4_002_000u : 2_000_000u,
                Host = default,
                Text = "so it was"u8,
            });
        }

        Channel.Send(new DeliveryEndFrame { Delivery = delivery });
    }

    private sealed class Attempt
    {
        internal List<(uint Number, string Address)> Recipients { get; } = [];

        internal StringBuilder Content { get; } = new();
    }
}
