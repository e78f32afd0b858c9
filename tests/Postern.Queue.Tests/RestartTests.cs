using Postern.Ipc.Administration;
using Postern.Ipc.Submission;
using Postern.Mail;
using Postern.Queue.Administration;

namespace Postern.Queue.Tests;

public sealed class RestartTests
{
    private const string Text = "Subject: t\r\n\r\nbody\r\n";

    [Fact]
    public void AcceptedMessage_SurvivesACrash()
    {
        using var before = new QueueRig();
        var transaction = before.Smtpd.Submit("s@f.test", Text, "u@a.test", "x@b.test");
        before.Turn();
        Assert.Equal(SubmissionOutcome.Committed, before.Smtpd.Answers[transaction]);

        using var after = before.Crash();
        Assert.Equal(Text, after.Local.Single.Content.ToString());
        Assert.Equal(Text, after.Remote.Single.Content.ToString());
    }

    [Fact]
    public void MessageThatWasNotCommitted_IsNotThereAfterACrash()
    {
        using var before = new QueueRig();
        before.Smtpd.Begin("s@f.test", NotifyOn.Unspecified, "u@a.test");
        before.Turn();
        using var after = before.Crash();
        Assert.Empty(after.Local.Attempts);
        Assert.Equal(0, after.Parts.Core.Table.Messages.Count);
    }

    [Fact]
    public void DeliveredMark_SurvivesOnceSynced()
    {
        using var before = new QueueRig();
        before.Smtpd.Submit("s@f.test", Text, "u@a.test");
        before.Turn();
        before.Local.Answer(before.Local.Single, DeliveryOutcome.Delivered);
        before.Turn();
        before.Clock.Pass(TimeSpan.FromSeconds(1));
        before.Turn();
        using var after = before.Crash();
        Assert.Empty(after.Local.Attempts);
    }

    [Fact]
    public void DeferredRecipient_KeepsItsMomentAndItsCount()
    {
        using var before = new QueueRig();
        before.Smtpd.Submit("s@f.test", Text, "x@b.test");
        before.Turn();
        before.Remote.Answer(before.Remote.Single, DeliveryOutcome.Temporary);
        before.Turn();
        before.Clock.Pass(TimeSpan.FromSeconds(1));
        before.Turn();

        using var after = before.Crash();
        Assert.Empty(after.Remote.Attempts);
        after.Pass(TimeSpan.FromMinutes(6));
        Assert.Single(after.Remote.Attempts);
        after.Remote.Answer(after.Remote.Single, DeliveryOutcome.Temporary);
        after.Turn();
        after.Pass(TimeSpan.FromMinutes(10));
        Assert.Single(after.Remote.Attempts); // The second wait is three times the first.
    }

    [Fact]
    public void HeldMessage_StaysHeld()
    {
        using var before = new QueueRig();
        var transaction = before.Smtpd.Submit("s@f.test", Text, "x@b.test");
        before.Turn();
        before.Remote.Answer(before.Remote.Single, DeliveryOutcome.Temporary);
        before.Turn();
        Assert.Equal(1, new QueueActs(before.Parts.Core).Do(QueueAct.Hold, before.Parts.Core.Table.Find(before.Smtpd.Ids[transaction]), new Chosen(Selection.All)));
        before.Clock.Pass(TimeSpan.FromSeconds(1));
        before.Turn();

        using var after = before.Crash();
        after.Pass(TimeSpan.FromHours(2));
        Assert.Empty(after.Remote.Attempts);
        Assert.Equal(1, QueueRig.ActOnAll(after.Parts.Core, QueueAct.Release));
        after.Pass(TimeSpan.FromMinutes(1));
        Assert.Single(after.Remote.Attempts);
    }

    // Otherwise it would be said to be done, and a restart would take it back.
    [Theory]
    [InlineData(QueueAct.Hold)]
    [InlineData(QueueAct.Remove)]
    public void ActForWhichThereIsNoRoom_IsNotDone(QueueAct act)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@f.test", Text, "x@b.test", "y@b.test");
        rig.Turn();
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
        rig.Storage.FillUp();
        Assert.Equal(0, QueueRig.ActOnAll(rig.Parts.Core, act));
        rig.Storage.MakeRoom();
        rig.Pass(TimeSpan.FromMinutes(6));
        Assert.Equal(2, rig.Remote.Attempts.Sum(attempt => attempt.Recipients.Count));
    }

    // A hold does not wait for a destination that hangs: it counts from the end of the attempt on.
    [Fact]
    public void HeldWhileItIsTried_IsNotTriedAgain()
    {
        using var before = new QueueRig();
        before.Smtpd.Submit("s@f.test", Text, "x@b.test");
        before.Turn();
        Assert.Equal(1, QueueRig.ActOnAll(before.Parts.Core, QueueAct.Hold));
        before.Remote.Answer(before.Remote.Single, DeliveryOutcome.Temporary);
        before.Pass(TimeSpan.FromHours(2));
        Assert.Single(before.Remote.Attempts);

        using var after = before.Crash();
        after.Pass(TimeSpan.FromHours(2));
        Assert.Empty(after.Remote.Attempts);
        Assert.Equal(1, QueueRig.ActOnAll(after.Parts.Core, QueueAct.Release));
        after.Pass(TimeSpan.FromMinutes(1));
        Assert.Single(after.Remote.Attempts);
    }

    [Fact]
    public void ReleasedWhileItIsTried_IsTriedOnce()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@f.test", Text, "x@b.test");
        rig.Turn();
        Assert.Equal(1, QueueRig.ActOnAll(rig.Parts.Core, QueueAct.Hold));
        QueueRig.ActOnAll(rig.Parts.Core, QueueAct.Release);
        rig.Turn();
        Assert.Single(rig.Remote.Attempts);
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Temporary);
        rig.Turn();
        QueueRig.ActOnAll(rig.Parts.Core, QueueAct.Release);
        rig.Pass(TimeSpan.FromMinutes(6));
        Assert.Equal(2, rig.Remote.Attempts.Count);
    }

    [Fact]
    public void RemovedMessage_DoesNotComeBack()
    {
        using var before = new QueueRig();
        before.Smtpd.Submit("s@f.test", Text, "x@b.test");
        before.Turn();
        before.Remote.Answer(before.Remote.Single, DeliveryOutcome.Temporary);
        before.Turn();
        Assert.Equal(1, QueueRig.ActOnAll(before.Parts.Core, QueueAct.Remove));
        before.Clock.Pass(TimeSpan.FromSeconds(1));
        before.Turn();
        using var after = before.Crash();
        Assert.Equal(0, after.Parts.Core.Table.Messages.Count);
        Assert.Empty(after.Bounce.Notices);
    }

    [Fact]
    public void StoppedQueue_FinishesWhatIsUnderWayAndEnds()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@f.test", Text, "u@a.test");
        rig.Turn();
        rig.Parts.Stop();
        rig.Turn();
        Assert.Null(rig.EndCode);
        Assert.Equal(QueueCondition.Draining, rig.Smtpd.Condition);

        rig.Local.Answer(rig.Local.Single, DeliveryOutcome.Delivered);
        rig.Turn();
        Assert.Equal(0, rig.EndCode);
    }

    [Fact]
    public void StoppedQueue_DoesNotWaitForAProgramThatDies()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@f.test", Text, "x@b.test");
        rig.Turn();
        rig.Parts.Stop();
        rig.Turn();
        Assert.Null(rig.EndCode);
        rig.Remote.Channel.Dispose();
        rig.Turn();
        Assert.Equal(0, rig.EndCode);
    }

    [Fact]
    public void IdleQueue_EndsAtOnceWhenStopped()
    {
        using var rig = new QueueRig();
        rig.Parts.Stop();
        rig.Turn();
        Assert.Equal(0, rig.EndCode);
    }

    [Fact]
    public void Ids_NeverComeTwice()
    {
        var seen = new HashSet<ulong>();
        var rig = new QueueRig();
        for (var run = 0; run < 5; run++)
        {
            var transaction = rig.Smtpd.Begin("s@f.test", NotifyOn.Unspecified, "u@a.test"); // Issued, never committed.
            rig.Turn();
            Assert.True(seen.Add(rig.Smtpd.Ids[transaction]));
            rig = rig.Crash();
        }

        rig.Dispose();
    }
}
