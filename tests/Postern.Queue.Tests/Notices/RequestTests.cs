using Postern.Ipc.Notices;
using Postern.Mail;

namespace Postern.Queue.Tests.Notices;

/// <summary>NOTIFY against what happens (RFC 3461 §4.1, §5.2): who hears what.</summary>
public sealed class RequestTests
{
    private const NotifyOn None = NotifyOn.Unspecified;
    private const NotifyOn All = NotifyOn.Success | NotifyOn.Failure | NotifyOn.Delay;

    [Theory]
    // Nothing asked: failures are told, successes not.
    [InlineData(None, DeliveryOutcome.Permanent, "x@b.test", "Failed")]
    [InlineData(None, DeliveryOutcome.Delivered, "u@a.test", "")]
    [InlineData(None, DeliveryOutcome.Relayed, "x@b.test", "")]
    // Each condition alone lets only its own event through.
    [InlineData(NotifyOn.Never, DeliveryOutcome.Permanent, "x@b.test", "")]
    [InlineData(NotifyOn.Never, DeliveryOutcome.Delivered, "u@a.test", "")]
    [InlineData(NotifyOn.Success, DeliveryOutcome.Permanent, "x@b.test", "")]
    [InlineData(NotifyOn.Delay, DeliveryOutcome.Permanent, "x@b.test", "")]
    [InlineData(NotifyOn.Delay, DeliveryOutcome.Delivered, "u@a.test", "")]
    [InlineData(NotifyOn.Failure, DeliveryOutcome.Permanent, "x@b.test", "Failed")]
    [InlineData(NotifyOn.Failure, DeliveryOutcome.Delivered, "u@a.test", "")]
    [InlineData(All, DeliveryOutcome.Permanent, "x@b.test", "Failed")]
    // A mailbox here: delivered.
    [InlineData(NotifyOn.Success, DeliveryOutcome.Delivered, "u@a.test", "Delivered")]
    [InlineData(All, DeliveryOutcome.Delivered, "u@a.test", "Delivered")]
    // A server that reports further has the request now; two reports would be one too many.
    [InlineData(NotifyOn.Success, DeliveryOutcome.Delivered, "x@b.test", "")]
    [InlineData(NotifyOn.Success, DeliveryOutcome.Delivered, "x@relay.test", "")]
    [InlineData(NotifyOn.Success, DeliveryOutcome.Delivered, "x@lmtp.test", "")]
    // A server that does not: relayed. LMTP without DSN ends in a mailbox.
    [InlineData(NotifyOn.Success, DeliveryOutcome.Relayed, "x@b.test", "Relayed")]
    [InlineData(NotifyOn.Success, DeliveryOutcome.Relayed, "x@relay.test", "Relayed")]
    [InlineData(NotifyOn.Success, DeliveryOutcome.Relayed, "x@lmtp.test", "Delivered")]
    public void Event_IsToldWhenItWasAskedFor(NotifyOn notify, DeliveryOutcome outcome, string recipient, string action)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Notify = notify }, recipient);
        rig.Turn();
        var peer = recipient.EndsWith("@a.test", StringComparison.Ordinal) ? rig.Local : rig.Remote;
        peer.Answer(peer.Single, outcome);
        rig.Turn();
        AssertTold(rig, recipient, action);
        Assert.Equal(action.Length > 0 ? 1 : 0, rig.Parts.Core.Table.Messages.Count);
    }

    [Theory]
    [InlineData(None, "Delayed")]
    [InlineData(NotifyOn.Delay, "Delayed")]
    [InlineData(All, "Delayed")]
    [InlineData(NotifyOn.Never, "")]
    [InlineData(NotifyOn.Failure, "")]
    [InlineData(NotifyOn.Success, "")]
    public void Delay_IsToldWhenItWasAskedFor(NotifyOn notify, string action)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Notify = notify }, "x@b.test");
        rig.BeLate();
        rig.BeLate();
        AssertTold(rig, "x@b.test", action);
    }

    [Theory]
    [InlineData(DeliveryOutcome.Delivered, "u@a.test")]
    [InlineData(DeliveryOutcome.Relayed, "x@b.test")]
    public void NullSender_HearsOfNoSuccess(DeliveryOutcome outcome, string recipient)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Sender = "", Notify = All }, recipient);
        rig.Turn();
        var peer = outcome == DeliveryOutcome.Delivered ? rig.Local : rig.Remote;
        peer.Answer(peer.Single, outcome);
        rig.Turn();
        Assert.Empty(rig.Bounce.Notices);
    }

    [Fact]
    public void NullSender_HearsOfNoDelay()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Sender = "" }, "x@b.test");
        rig.BeLate();
        Assert.Empty(rig.Bounce.Notices);
    }

    [Fact]
    public void RecipientsThatFailTogether_ShareANotification()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Notify = All }, "x@b.test", "y@b.test", "z@b.test");
        rig.Turn();
        var attempt = rig.Remote.Single;
        rig.Remote.Answer(attempt, 0, DeliveryOutcome.Permanent);
        rig.Remote.Answer(attempt, 1, DeliveryOutcome.Relayed);
        rig.Remote.Answer(attempt, 2, DeliveryOutcome.Permanent);
        rig.Remote.End(attempt);
        rig.Turn();
        Assert.Equal(
            ["Failed x@b.test Failed z@b.test", "Relayed y@b.test"],
            rig.Bounce.Notices.Select(notice => string.Join(' ', notice.Recipients.Select(one => $"{one.Action} {one.Address}"))));
    }

    [Fact]
    public void RefusedNotification_GoesToPostmasterOnceAndNeverBack()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Sender = "s@c.test" }, "x@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Permanent);
        rig.Turn();
        // The notification, and then the one of it; the last is silent.
        rig.Remote.Answer(rig.Remote.Attempts[1], DeliveryOutcome.Permanent);
        rig.Turn();
        Assert.Equal(["s@c.test", ""], rig.Bounce.Notices.Select(notice => notice.To));
        rig.Local.Target(rig.Local.Single, 0, "boss@d.test");
        rig.Local.Answer(rig.Local.Single, DeliveryOutcome.Expanded);
        rig.Turn();
        Assert.Equal(("d.test", ""), (rig.Remote.Attempts[2].Destination, rig.Remote.Attempts[2].Sender));
        rig.Remote.Answer(rig.Remote.Attempts[2], DeliveryOutcome.Permanent);
        rig.Turn();
        Assert.Equal(2, rig.Bounce.Notices.Count);
        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);
    }

    private static void AssertTold(QueueRig rig, string recipient, string action)
    {
        if (action.Length == 0)
        {
            Assert.Empty(rig.Bounce.Notices);
            return;
        }

        Assert.Equal([(Enum.Parse<NoticeAction>(action), recipient)], Assert.Single(rig.Bounce.Notices).Recipients);
    }
}
