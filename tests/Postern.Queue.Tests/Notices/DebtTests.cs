using Postern.Ipc.Notices;
using Postern.Mail;
using Postern.Spool;

namespace Postern.Queue.Tests.Notices;

/// <summary>What a sender is owed stays owed until it is paid, and belongs to one message only.</summary>
public sealed class DebtTests
{
    [Fact]
    public void NewsOfADelayThatIsOver_IsNotSent()
    {
        using var rig = new QueueRig();
        rig.Bounce.Channel.Dispose();
        rig.Smtpd.Submit(new SentMail(), "x@b.test");
        rig.BeLate();
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Delivered);
        rig.Turn();
        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);

        rig.RestartBounce(endKnownFirst: true);
        Assert.Empty(rig.Bounce.Notices);

        // The records of the delay and of the delivery are still in the log.
        rig.Pass(TimeSpan.FromSeconds(30));
        using var after = rig.Crash();
        Assert.Empty(after.Bounce.Notices);
        Assert.Equal(0, after.Parts.Core.Table.Messages.Count);
    }

    [Fact]
    public void NewsOfADelay_LeavesOutWhoWasServedMeanwhile()
    {
        using var rig = new QueueRig();
        rig.Bounce.Channel.Dispose();
        rig.Smtpd.Submit(new SentMail(), "x@b.test", "y@c.test");
        rig.BeLate(attempts: 2);
        rig.Remote.Answer(rig.Remote.Attempts.Single(attempt => attempt.Destination == "b.test"), DeliveryOutcome.Delivered);
        rig.Turn();
        rig.RestartBounce(endKnownFirst: true);
        Assert.Equal([(NoticeAction.Delayed, "y@c.test")], Assert.Single(rig.Bounce.Notices).Recipients);
    }

    [Fact]
    public void NewsThatComesTooLate_IsNotTakenForAnotherMessages()
    {
        using var rig = new QueueRig();
        rig.Bounce.Answers = false;
        rig.Smtpd.Submit(new SentMail(), "x@b.test");
        rig.BeLate();
        var late = Assert.Single(rig.Bounce.Notices);
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Delivered);
        rig.Turn();

        // A second message in the first one's place, with a debt of its own.
        rig.Smtpd.Submit(new SentMail(), "z@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Attempts[^1], DeliveryOutcome.Permanent);
        rig.Turn();
        Assert.Equal([(NoticeAction.Failed, "z@b.test")], rig.Bounce.Notices[^1].Recipients);
        rig.Bounce.Compose(late);
        rig.Turn();
        Assert.Equal(2, rig.Parts.Core.Table.Messages.Count); // The news, and the message that still owes.

        using var after = rig.Crash();
        Assert.Equal([(NoticeAction.Failed, "z@b.test")], Assert.Single(after.Bounce.Notices).Recipients);
    }

    [Fact]
    public void PaidDelay_DoesNotPayTheFailureOfTheSameRecipient()
    {
        using var before = new QueueRig();
        before.Bounce.Answers = false;
        before.Smtpd.Submit(new SentMail(), "x@b.test");
        before.BeLate();
        before.Remote.Answer(before.Remote.Single, DeliveryOutcome.Permanent);
        before.Turn();
        before.Bounce.Compose(Assert.Single(before.Bounce.Notices));
        before.Turn();
        Assert.Equal([(NoticeAction.Failed, "x@b.test")], before.Bounce.Notices[1].Recipients);

        using var after = before.Crash();
        Assert.Equal([(NoticeAction.Failed, "x@b.test")], Assert.Single(after.Bounce.Notices).Recipients);
    }

    [Fact]
    public void DebtWhoseRecordMovedMeanwhile_IsPaidOnce()
    {
        using var rig = new QueueRig();
        rig.Bounce.Answers = false;
        rig.Smtpd.Submit(new SentMail(), "x@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Permanent);
        rig.Turn();
        rig.Parts.Notices.Owe(0, 0, NoticeAction.Failed, new RecordPosition(1, 1));
        rig.Bounce.Compose(Assert.Single(rig.Bounce.Notices));
        rig.Turn();
        Assert.Single(rig.Bounce.Notices);
        Assert.Equal(1, rig.Parts.Core.Table.Messages.Count); // The notification itself.
    }

    [Fact]
    public void DelayOwedForWhoWasServedMeanwhile_DoesNotServeHimAgainAfterAMove()
    {
        using var rig = new QueueRig(sectionBytes: 4096);
        rig.Bounce.Channel.Dispose();
        rig.Smtpd.Submit(new SentMail(), "x@b.test", "y@c.test");
        rig.BeLate(attempts: 2);
        rig.Remote.Answer(rig.Remote.Attempts.Single(attempt => attempt.Destination == "b.test"), DeliveryOutcome.Delivered);
        for (var i = 0; i < 200 && rig.Log.OldestSection < 5; i++)
        {
            rig.Smtpd.Submit("s@a.test", new string('x', 1000), "z@a.test");
            rig.Turn();
            rig.AnswerAll(rig.Local, DeliveryOutcome.Delivered);
            rig.Pass(TimeSpan.FromSeconds(30));
        }

        Assert.True(rig.Log.OldestSection >= 5, "the message was never moved");
        using var after = rig.Crash();
        after.Pass(TimeSpan.FromHours(5));
        Assert.Equal("c.test", after.Remote.Single.Destination);
    }

    [Theory]
    [InlineData(true)]
    // The fresh end may come before the old one's close is seen.
    [InlineData(false)]
    public void NotificationUnderWayWhenBounceDies_IsComposedAnew(bool endKnownFirst)
    {
        using var rig = new QueueRig();
        rig.Bounce.Answers = false;
        for (var i = 0; i < 20; i++)
        {
            rig.Smtpd.Submit(new SentMail(), $"x{i}@b.test");
        }

        for (var round = 0; round < 20; round++)
        {
            rig.Turn();
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Permanent);
        }

        rig.Turn();
        Assert.Equal(8, rig.Bounce.Notices.Count);
        rig.RestartBounce(endKnownFirst);
        rig.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(20, rig.Bounce.Notices.Select(notice => notice.Recipients.Single().Address).Distinct().Count());
        Assert.Equal(20, rig.Bounce.Notices.Count);
        for (var reached = 0; reached < 20; rig.AnswerAll(rig.Local, DeliveryOutcome.Delivered))
        {
            Assert.NotEmpty(rig.Local.Attempts);
            reached += rig.Local.Attempts.Count;
        }

        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);
    }

    // The news of the delay was on its way when the recipient was served, and his success is owed instead: all the same the
    // sender has been told once that it takes long.
    [Fact]
    public void ADelayThatWasToldOfOneServedMeanwhile_IsNotToldOfTheOthersAfterARestart()
    {
        using var rig = new QueueRig();
        rig.Bounce.Answers = false;
        rig.Smtpd.Submit(new SentMail { Notify = NotifyOn.Success | NotifyOn.Delay }, "x@b.test", "y@c.test");
        rig.Turn();
        while (rig.Bounce.Notices.Count == 0)
        {
            foreach (var attempt in rig.Remote.Attempts.Where(attempt => attempt.Destination == "b.test" && !attempt.Answered).ToList())
            {
                rig.Remote.Answer(attempt, DeliveryOutcome.Temporary);
            }

            rig.Clock.Pass(TimeSpan.FromMinutes(10));
            rig.Turn();
        }

        Assert.Equal([(NoticeAction.Delayed, "x@b.test")], rig.Bounce.Notices[0].Recipients);
        rig.Pass(TimeSpan.FromHours(5));
        rig.Remote.Answer(rig.Remote.Attempts.Single(attempt => attempt.Destination == "b.test" && !attempt.Answered), DeliveryOutcome.Relayed);
        rig.Turn();
        rig.Bounce.Compose(rig.Bounce.Notices[0]);
        rig.Turn();

        using var after = rig.Crash();
        for (var hour = 0; hour < 10; hour++)
        {
            after.AnswerAll(after.Remote, DeliveryOutcome.Temporary);
            after.Pass(TimeSpan.FromHours(1));
        }

        Assert.Equal([(NoticeAction.Relayed, "x@b.test")], after.Bounce.Notices.SelectMany(notice => notice.Recipients));
    }

    [Fact]
    public void MoreRecipientsThanOneReportHolds_GoIntoSeveral()
    {
        using var rig = new QueueRig();
        rig.Bounce.Channel.Dispose();
        rig.Smtpd.Submit(new SentMail(), [.. Enumerable.Range(0, 2500).Select(i => $"x{i}@b.test")]);
        for (var round = 0; round < 25; round++)
        {
            rig.Turn();
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Permanent);
        }

        rig.RestartBounce(endKnownFirst: true);
        Assert.Equal([1000, 1000, 500], rig.Bounce.Notices.Select(notice => notice.Recipients.Count));
        Assert.Equal(2500, rig.Bounce.Notices.SelectMany(notice => notice.Recipients).Distinct().Count());
    }

    [Fact]
    public void FailureForWhichThereIsNoRoomInTheLog_ComesAgain()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail(), "x@b.test");
        rig.Turn();
        rig.Storage.FillUp();
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Permanent);
        rig.Turn();
        Assert.Empty(rig.Bounce.Notices);
        rig.Storage.MakeRoom();
        rig.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(2, rig.Remote.Attempts.Count);
        rig.Remote.Answer(rig.Remote.Attempts[1], DeliveryOutcome.Permanent);
        rig.Turn();
        Assert.Single(rig.Bounce.Notices);
    }

    [Theory]
    [InlineData("", BodyType.SevenBit)]
    [InlineData("\u00fc", BodyType.EightBitMime)]
    public void Notification_DeclaresEightBitsOnlyWhenItHasThem(string more, BodyType body)
    {
        using var rig = new QueueRig();
        rig.Bounce.Subject += more;
        rig.Smtpd.Submit(new SentMail { Sender = "s@c.test" }, "x@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Permanent);
        rig.Turn();
        Assert.Equal(("c.test", body), (rig.Remote.Attempts[1].Destination, rig.Remote.Attempts[1].Body));
    }
}
