using Postern.Ipc.Notices;
using Postern.Mail;
using Postern.Spool;

namespace Postern.Queue.Tests.Notices;

/// <summary>What a sender is owed, when its message is written anew and its old place is freed.</summary>
public sealed class MovedDebtTests
{
    [Fact]
    public void DebtOfAMessageThatMoved_IsKnownAfterACrash()
    {
        using var rig = new QueueRig(sectionBytes: 4096);
        rig.Bounce.Channel.Dispose();
        rig.Smtpd.Submit(new SentMail(), "x@b.test", "y@c.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Attempts.Single(attempt => attempt.Destination == "b.test"), DeliveryOutcome.Permanent);
        rig.Remote.Answer(rig.Remote.Attempts.Single(attempt => attempt.Destination == "c.test"), DeliveryOutcome.Temporary);
        for (var i = 0; i < 200 && rig.Log.OldestSection < 5; i++)
        {
            rig.Smtpd.Submit("s@a.test", new string('x', 1000), "z@a.test");
            rig.Turn();
            rig.AnswerAll(rig.Local, DeliveryOutcome.Delivered);
            rig.Clock.Pass(TimeSpan.FromSeconds(2));
            rig.Turn();
        }

        Assert.True(rig.Log.OldestSection >= 5, "the message was never moved");
        using var after = rig.Crash();
        Assert.Equal([(NoticeAction.Failed, "x@b.test")], Assert.Single(after.Bounce.Notices).Recipients);
    }

    // Its envelope finds room, and what is owed for it does not: then it has not moved, and nothing that it needs is freed.
    [Fact]
    public void DebtForWhichThereIsNoRoomWhereItsMessageGoes_IsNotLeftBehind()
    {
        for (var room = 0; room < 1500; room += 50)
        {
            var log = new MemoryLog(sectionBytes: 4096);
            using var rig = new QueueRig(log);
            rig.Bounce.Channel.Dispose();
            rig.Smtpd.Submit(new SentMail(), "x@b.test", "y@c.test");
            rig.Turn();
            var failed = rig.Remote.Attempts.Single(attempt => attempt.Destination == "b.test");
            rig.Remote.Answer(failed, 0, DeliveryOutcome.Permanent, text: new string('t', 400));
            rig.Remote.End(failed);
            rig.Remote.Answer(rig.Remote.Attempts.Single(attempt => attempt.Destination == "c.test"), DeliveryOutcome.Temporary);
            FillSections(rig);
            log.Capacity = log.Bytes + room;
            rig.Clock.Pass(TimeSpan.FromSeconds(2));
            rig.Turn();
            log.Capacity = long.MaxValue;
            rig.Pass(TimeSpan.FromMinutes(2));
            Assert.True(rig.Log.OldestSection > 1, "the message was never moved");

            using var after = new QueueRig(log.Crash(), rig.Clock);
            Assert.Equal([(NoticeAction.Failed, "x@b.test")], Assert.Single(after.Bounce.Notices).Recipients);
            Assert.DoesNotContain("result-damaged", rig.Lines + after.Lines, StringComparison.Ordinal);
        }
    }

    // The same, and then the program dies: the new envelope says that something is owed, and what it is stands where it stood.
    // Who was served must not be reported as failed, nor his record go with its section later on.
    [Fact]
    public void DebtForWhichThereIsNoRoomWhereItsMessageGoes_IsAfterACrashWhatItWas()
    {
        var met = 0;
        for (var room = 0; room < 2500; room += 50)
        {
            var log = new MemoryLog(sectionBytes: 4096);
            using var rig = new QueueRig(log, composes: false);
            rig.Smtpd.Submit(new SentMail { Notify = NotifyOn.Success | NotifyOn.Failure }, "x@b.test", "w@d.test", "y@c.test");
            rig.Turn();
            foreach (var served in rig.Remote.Attempts.Where(attempt => attempt.Destination != "c.test"))
            {
                rig.Remote.Answer(served, served.Recipients[0].Number, DeliveryOutcome.Relayed, text: new string('t', 500));
                rig.Remote.End(served);
            }

            rig.Remote.Answer(rig.Remote.Attempts.Single(attempt => attempt.Destination == "c.test"), DeliveryOutcome.Temporary);
            FillSections(rig);
            log.Capacity = log.Bytes + room;
            rig.Clock.Pass(TimeSpan.FromSeconds(2));
            rig.Turn();
            met += rig.Parts.Core.Table.Messages[0] is { FirstSection: 1, Envelope.Section: > 1 } ? 1 : 0;

            var left = log.Crash();
            left.Capacity = long.MaxValue;
            using var after = new QueueRig(left, rig.Clock, composes: false);
            AssertServed(after);
            after.Pass(TimeSpan.FromMinutes(2));
            Assert.True(after.Log.OldestSection > 1, "the message was never moved");

            using var last = new QueueRig(left.Crash(), rig.Clock);
            AssertServed(last);
        }

        Assert.InRange(met, 1, 40);
    }

    // What is written while the disk syncs builds on the batch that is under way: a message that moves meanwhile must not
    // take its debt with it, else a crash brings the debt back and the sender hears of it twice.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AMessageThatMovesWhileItsNotificationIsOnItsWay_OwesItNoMore(bool late)
    {
        using var rig = new QueueRig(sectionBytes: 16 * 1024);
        rig.Bounce.Answers = false;
        _ = rig.Smtpd.Submit(new SentMail(), "x@b.test", "y@c.test");
        if (late)
        {
            rig.BeLate(attempts: 2);
        }

        rig.Turn();
        rig.Remote.Answer(rig.Remote.Attempts.Single(attempt => attempt.Destination == "b.test"), late ? DeliveryOutcome.Temporary : DeliveryOutcome.Permanent);
        rig.Turn();
        var notice = Assert.Single(rig.Bounce.Notices);
        // No time passes, so nothing moves yet.
        for (var round = 0; rig.Parts.Core.Log.Sections.Count < 10; round++)
        {
            _ = rig.Smtpd.Submit("s@f.test", new string('o', 9000), $"u{round}@a.test");
            rig.Turn();
            rig.AnswerAll(rig.Local, DeliveryOutcome.Delivered);
        }

        var before = rig.Parts.Core.Table.Messages[0].Envelope;
        rig.Background.IsSlow = true;
        rig.Bounce.Compose(notice);
        rig.Turn();
        Assert.Equal(1, rig.Background.Begun);
        rig.Pass(TimeSpan.FromSeconds(30));
        Assert.NotEqual(before, rig.Parts.Core.Table.Messages[0].Envelope);
        rig.Background.IsSlow = false;
        rig.Turn();
        rig.Pass(TimeSpan.FromSeconds(30));
        using var next = rig.Crash();
        Assert.Empty(next.Bounce.Notices);
        Assert.Equal(2, next.Parts.Core.Table.Messages.Count); // The one that waits for y, and the notification.
    }

    /// <summary>Others come and go. No time passes, so nothing moves yet.</summary>
    private static void FillSections(QueueRig rig)
    {
        while (rig.Parts.Core.Log.Sections.Count < 10)
        {
            rig.Smtpd.Submit("s@a.test", new string('x', 1000), "z@a.test");
            rig.Turn();
            rig.AnswerAll(rig.Local, DeliveryOutcome.Delivered);
        }
    }

    private static void AssertServed(QueueRig rig)
    {
        Assert.Equal([(NoticeAction.Relayed, "w@d.test"), (NoticeAction.Relayed, "x@b.test")], Assert.Single(rig.Bounce.Notices).Recipients.Order());
        Assert.DoesNotContain("result-damaged", rig.Lines, StringComparison.Ordinal);
    }
}
