using System.Text;
using Postern.Ipc;
using Postern.Ipc.Delivery;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Remote.Attempts;

namespace Postern.Remote.Reports.Sending;

/// <summary>Sends reports by mail: by an attempt like those of the queue, whose results nobody but this one gets.</summary>
internal sealed class ReportMail(EventLoop loop, DeliveryRunner runner) : IReportMail
{
    /// <summary>For one attempt. Arbitrary: a host that answers each command late may else take hours.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    /// <summary>The port; that of SMTP unless a test sets it.</summary>
    internal ushort Port { get; init; }

    /// <inheritdoc/>
    public async ValueTask<SendResult> SendAsync(Mailbox from, Mailbox to, byte[] message)
    {
        if (message.Length > FrameLimits.ContentWindow)
        {
            return new SendResult("the report is too long", false);
        }

        var delivery = Make(from, to, message);
        var timer = loop.CreateTimer(delivery.Cancel);
        timer.Set(_patience);
        await runner.RunAsync(delivery);
        timer.Unset();
        var result = delivery.Recipients[0].Result!;
        return result.Outcome == DeliveryOutcome.Delivered ? SendResult.Sent
            : new SendResult(Encoding.ASCII.GetString(result.Text.Span), delivery.IsCancelled || result.Outcome == DeliveryOutcome.Temporary);
    }

    private OutboundDelivery Make(Mailbox from, Mailbox to, byte[] message)
    {
        var start = new DeliveryStartFrame
        {
            Delivery = 0,
            Message = 0,
            Hop = HopKind.Exchangers,
            Destination = to.DomainText,
            Port = Port,
            Sender = from.Text,
            EnvelopeId = default,
            Return = ReturnContent.Unspecified,
            Body = BodyType.SevenBit,
            Handling = Handling.None,
            Size = (ulong)message.Length,
        };
        var delivery = new OutboundDelivery(start, new NoQueue(), new ByteQueue()) { IsReport = true, IsRunning = true };
        delivery.Recipients.Add(new OutboundRecipient(new DeliveryRecipientFrame
        {
            Delivery = 0,
            Recipient = 0,
            Address = to.Text,
            Original = default,
            // Whom nobody reads the reports of need not tell anybody.
            Notify = (ushort)NotifyOn.Never,
            Final = false,
        }));
        _ = delivery.Content.TryAppend(message);
        delivery.Content.End();
        return delivery;
    }

    /// <summary>Where results go that nobody waits for.</summary>
    private sealed class NoQueue : IFrameSink
    {
        /// <inheritdoc/>
        public int Unsent => 0;

        /// <inheritdoc/>
        public void Send<T>(scoped in T frame)
            where T : IFrame<T>, allows ref struct
        {
        }
    }
}
