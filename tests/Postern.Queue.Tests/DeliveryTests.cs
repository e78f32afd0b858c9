using Postern.Ipc.Administration;
using Postern.Ipc.Delivery;
using Postern.Ipc.Submission;
using Postern.Mail;

namespace Postern.Queue.Tests;

public sealed class DeliveryTests
{
    private const string Text = "Subject: t\r\n\r\nbody\r\n";

    [Fact]
    public void MessageForAnOwnDomain_GoesToLocalWithItsContent()
    {
        using var rig = new QueueRig();
        var transaction = rig.Smtpd.Submit("s@f.test", Text, "u@a.test");
        rig.Turn();

        Assert.Equal(SubmissionOutcome.Committed, rig.Smtpd.Answers[transaction]);
        var attempt = rig.Local.Single;
        Assert.Equal(HopKind.Local, attempt.Hop);
        Assert.Equal("s@f.test", attempt.Sender);
        Assert.Equal(rig.Smtpd.Ids[transaction], attempt.Message);
        Assert.Equal([(0u, "u@a.test", false)], attempt.Recipients);
        Assert.Equal(Text, attempt.Content.ToString());
        Assert.True(attempt.Ready && attempt.Ended);
        Assert.Empty(rig.Remote.Attempts);
    }

    [Fact]
    public void RecipientsOfOneMessageAtOneDestination_ShareAnAttempt()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@f.test", Text, "x@b.test", "u@a.test", "y@b.test", "z@relay.test");
        rig.Turn();

        Assert.Equal(["u@a.test"], rig.Local.Single.Recipients.Select(recipient => recipient.Address));
        Assert.Equal(2, rig.Remote.Attempts.Count);
        var exchangers = rig.Remote.Attempts.Single(attempt => attempt.Hop == HopKind.Exchangers);
        Assert.Equal("b.test", exchangers.Destination);
        Assert.Equal([0u, 2u], exchangers.Recipients.Select(recipient => recipient.Number));
        var route = rig.Remote.Attempts.Single(attempt => attempt.Hop == HopKind.Host);
        Assert.Equal("127.0.0.1", route.Destination);
    }

    [Fact]
    public void NoAnswerComesBeforeTheCommit()
    {
        var memory = new Postern.Spool.MemoryLog();
        using var rig = new QueueRig(memory);
        var commits = memory.Commits;
        var transaction = rig.Smtpd.Begin("s@f.test", NotifyOn.Unspecified, "u@a.test");
        rig.Turn();
        Assert.Equal(commits, memory.Commits);
        Assert.Empty(rig.Smtpd.Answers);

        rig.Smtpd.Channel.Send(new CommitFrame { Transaction = transaction });
        rig.Turn();
        Assert.Equal(SubmissionOutcome.Committed, rig.Smtpd.Answers[transaction]);
        Assert.True(memory.Commits > commits);
    }

    [Fact]
    public void ManyMessagesOfOneTurn_ShareOneCommit()
    {
        var memory = new Postern.Spool.MemoryLog();
        using var rig = new QueueRig(memory);
        var commits = memory.Commits;
        for (var i = 0; i < 50; i++)
        {
            rig.Smtpd.Submit("s@f.test", Text, "u@a.test");
        }

        rig.Turn();
        Assert.Equal(50, rig.Smtpd.Answers.Count);
        Assert.InRange(memory.Commits - commits, 1, 3);
    }

    [Fact]
    public void DeliveredMessage_IsForgotten()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@f.test", Text, "u@a.test");
        rig.Turn();
        rig.Local.Answer(rig.Local.Single, DeliveryOutcome.Delivered);
        rig.Turn();
        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);
        Assert.Equal(0, rig.Parts.Core.Table.Recipients.Count);
    }

    [Fact]
    public void DeferredRecipient_IsTriedAgainAfterTheFirstWait()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@f.test", Text, "x@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Temporary);
        rig.Turn();
        rig.Pass(TimeSpan.FromMinutes(4));
        Assert.Single(rig.Remote.Attempts);
        rig.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(2, rig.Remote.Attempts.Count);
        Assert.Equal(Text, rig.Remote.Attempts[1].Content.ToString());
    }

    [Fact]
    public void OnlyTheDeferredRecipientOfAMixedAttempt_IsTriedAgain()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@a.test", Text, "x@b.test", "y@b.test", "z@b.test");
        rig.Turn();
        var attempt = rig.Remote.Single;
        rig.Remote.Answer(attempt, 0, DeliveryOutcome.Delivered);
        rig.Remote.Answer(attempt, 1, DeliveryOutcome.Temporary);
        rig.Remote.Answer(attempt, 2, DeliveryOutcome.Permanent);
        rig.Remote.End(attempt);
        rig.Turn();
        rig.Pass(TimeSpan.FromMinutes(6));
        Assert.Equal(2, rig.Remote.Attempts.Count);
        Assert.Equal([(1u, "y@b.test", false)], rig.Remote.Attempts[1].Recipients);
        Assert.Equal("z@b.test", Assert.Single(Assert.Single(rig.Bounce.Notices).Recipients).Address);
    }

    [Fact]
    public void AttemptWhoseProgramDies_IsMadeAgainByTheNextOne()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@f.test", Text, "x@b.test");
        rig.Turn();
        Assert.Single(rig.Remote.Attempts);
        rig.RestartRemote();
        Assert.Equal(Text, rig.Remote.Single.Content.ToString());
    }

    [Fact]
    public void InterruptedAttempt_IsMadeAgainInAMomentButNotForEver()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@f.test", Text, "u@a.test");
        rig.Turn();
        for (var attempts = 1; attempts <= 6; attempts++)
        {
            Assert.Equal(attempts, rig.Local.Attempts.Count);
            rig.Local.Answer(rig.Local.Attempts[^1], DeliveryOutcome.Temporary, FaultOf.None);
            rig.Turn();
            rig.Pass(TimeSpan.FromSeconds(30));
        }

        Assert.Equal(6, rig.Local.Attempts.Count);
    }

    [Fact]
    public void ResultForARecipientThatWasNotAsked_ClosesTheChannel()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@f.test", Text, "x@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Single, 7, DeliveryOutcome.Delivered);
        rig.Turn();
        Assert.True(rig.Remote.Closed);
        Assert.Equal(1, rig.Parts.Core.Table.Messages.Count);
    }

    [Fact]
    public void EndBeforeEveryResult_ClosesTheChannel()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@f.test", Text, "x@b.test");
        rig.Turn();
        rig.Remote.End(rig.Remote.Single);
        rig.Turn();
        Assert.True(rig.Remote.Closed);
    }

    [Fact]
    public void LargeMessage_PassesInPiecesUnderCredit()
    {
        using var rig = new QueueRig();
        var transaction = rig.Smtpd.Begin("s@f.test", NotifyOn.Unspecified, "u@a.test");
        var piece = new byte[60_000];
        Array.Fill(piece, (byte)'x');
        for (var i = 0; i < 50; i++)
        {
            rig.Smtpd.Channel.Send(new ContentFrame { Transaction = transaction, Bytes = piece });
            rig.Turn();
        }

        rig.Smtpd.Channel.Send(new CommitFrame { Transaction = transaction });
        rig.Turn();
        Assert.Equal(50 * piece.Length, rig.Local.Single.Content.Length);
    }

    [Fact]
    public void MessageBeyondTheLimit_IsRefusedAndLeavesNothing()
    {
        using var rig = new QueueRig();
        var transaction = rig.Smtpd.Begin("s@f.test", NotifyOn.Unspecified, "u@a.test");
        for (var i = 0; i < 200; i++)
        {
            rig.Smtpd.Channel.Send(new ContentFrame { Transaction = transaction, Bytes = new byte[60_000] });
            rig.Turn();
        }

        rig.Smtpd.Channel.Send(new CommitFrame { Transaction = transaction });
        rig.Turn();
        Assert.Equal(SubmissionOutcome.TooLarge, rig.Smtpd.Answers[transaction]);
        Assert.Empty(rig.Local.Attempts);
    }

    [Fact]
    public void FailedCommit_IsAnsweredAsFailedAndEndsTheProgram()
    {
        using var rig = new QueueRig();
        rig.Storage.CommitsUntilFailure = 0;
        var transaction = rig.Smtpd.Submit("s@f.test", Text, "u@a.test");
        rig.Turn();
        Assert.Equal(SubmissionOutcome.Failed, rig.Smtpd.Answers[transaction]);
        Assert.Equal(74, rig.EndCode);
        Assert.Empty(rig.Local.Attempts);
    }

    [Theory]
    [InlineData(DeliveryOutcome.Permanent)]
    [InlineData(DeliveryOutcome.Temporary)]
    public void ResultForWhichThereIsNoRoom_IsAskedForAgain(DeliveryOutcome outcome)
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@a.test", Text, "x@b.test");
        rig.Turn();
        rig.Storage.FillUp();
        rig.Remote.Answer(rig.Remote.Single, outcome);
        rig.Turn();
        Assert.Empty(rig.Bounce.Notices);
        rig.Storage.MakeRoom();
        rig.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(2, rig.Remote.Attempts.Count);
        rig.Remote.Answer(rig.Remote.Attempts[1], DeliveryOutcome.Delivered);
        rig.Turn();
        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);
    }

    [Fact]
    public void DeliveryForWhichThereWasNoRoom_IsWrittenDownWhenThereIs()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@a.test", Text, "x@b.test", "y@c.test");
        rig.Turn();
        rig.Storage.FillUp();
        rig.Remote.Answer(rig.Remote.Attempts.Single(attempt => attempt.Destination == "b.test"), DeliveryOutcome.Delivered);
        rig.Turn();
        rig.Storage.MakeRoom();
        rig.Pass(TimeSpan.FromSeconds(2));
        // Anything that is written down next takes it along.
        Assert.Equal(1, QueueRig.ActOnAll(rig.Parts.Core, QueueAct.Hold));
        rig.Smtpd.Submit("s@a.test", Text, "u@a.test");
        rig.Turn();

        using var next = rig.Crash();
        next.Turn();
        Assert.Empty(next.Remote.Attempts);
        Assert.Equal(1, QueueRig.ActOnAll(next.Parts.Core, QueueAct.Release));
        next.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("c.test", next.Remote.Single.Destination);
    }

    [Fact]
    public void FullDisk_RefusesAndRecoversByItself()
    {
        using var rig = new QueueRig();
        rig.Storage.FillUp();
        var refused = rig.Smtpd.Submit("s@f.test", Text, "u@a.test");
        rig.Turn();
        Assert.Equal(SubmissionOutcome.Full, rig.Smtpd.Answers[refused]);
        Assert.Equal(QueueCondition.Full, rig.Smtpd.Condition);

        rig.Storage.MakeRoom();
        rig.Clock.Pass(TimeSpan.FromSeconds(2));
        rig.Turn();
        Assert.Equal(QueueCondition.Accepting, rig.Smtpd.Condition);
        var taken = rig.Smtpd.Submit("s@f.test", Text, "u@a.test");
        rig.Turn();
        Assert.Equal(SubmissionOutcome.Committed, rig.Smtpd.Answers[taken]);
    }
}
