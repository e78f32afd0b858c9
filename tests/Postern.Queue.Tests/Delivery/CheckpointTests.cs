using Postern.Ipc.Notices;
using Postern.Ipc.Submission;
using Postern.Loop;
using Postern.Mail;
using Postern.Queue.Records;
using Postern.Spool;

namespace Postern.Queue.Tests.Delivery;

/// <summary>A checkpoint is written while life goes on: its pieces tell of different moments.</summary>
public sealed class CheckpointTests
{
    [Fact]
    public void AliasExpandedBetweenTwoPieces_IsNotExpandedTwice()
    {
        using var before = new QueueRig();
        var log = before.Log;
        before.Smtpd.Submit(new SentMail(), "info@a.test");
        before.Turn();
        log.BeginCheckpoint();
        WritePiece(before, 0);
        before.Local.Target(before.Local.Single, 0, "x@b.test");
        before.Local.Answer(before.Local.Single, DeliveryOutcome.Expanded);
        before.Turn();
        Assert.Single(before.Remote.Attempts);
        EndCheckpoint(before);

        using var after = before.Crash();
        Assert.Empty(after.Local.Attempts);
        Assert.Single(after.Remote.Attempts);
    }

    [Fact]
    public void ListExpandedBetweenTwoPieces_IsStillOwedOnce()
    {
        using var before = new QueueRig();
        before.Bounce.Answers = false;
        before.Smtpd.Submit(new SentMail { Notify = NotifyOn.Success }, "team@a.test");
        before.Turn();
        before.Log.BeginCheckpoint();
        before.Local.Target(before.Local.Single, 0, "x@b.test", list: true);
        before.Local.Answer(before.Local.Single, DeliveryOutcome.Expanded);
        before.Turn();
        WritePiece(before, 0);
        EndCheckpoint(before);

        using var after = before.Crash();
        Assert.Equal([(NoticeAction.Expanded, "team@a.test")], Assert.Single(after.Bounce.Notices).Recipients);
        Assert.Single(after.Remote.Attempts);
    }

    [Fact]
    public void DebtPaidBetweenTwoPieces_IsNotPaidTwice()
    {
        using var before = new QueueRig();
        before.Bounce.Answers = false;
        before.Smtpd.Submit(new SentMail(), "x@b.test", "y@c.test");
        before.Turn();
        before.Remote.Answer(before.Remote.Attempts.Single(attempt => attempt.Destination == "b.test"), DeliveryOutcome.Permanent);
        before.Turn();
        before.Log.BeginCheckpoint();
        WritePiece(before, 0);
        before.Bounce.Compose(Assert.Single(before.Bounce.Notices));
        before.Turn();
        Assert.Single(before.Local.Attempts);
        EndCheckpoint(before);

        using var after = before.Crash();
        Assert.Empty(after.Bounce.Notices);
        Assert.Single(after.Local.Attempts);
        Assert.Equal(["y@c.test"], after.Remote.Single.Recipients.Select(recipient => recipient.Address));
    }

    // A piece that is nearly full, then as many recipients as one record holds, each of whom is still owed a word.
    [Fact]
    public void MessageThatNoLongerFitsThePiece_BeginsTheNext()
    {
        using var before = new QueueRig(sectionBytes: 1 << 20);
        before.Bounce.Answers = false;
        var names = Enumerable.Range(1000, 1530).ToList();
        before.Smtpd.Submit(new SentMail(), [.. names.Select(name => $"{new string('x', 56)}{name}@relay.test")]);
        before.Turn();
        var long254 = $"@{new string('d', 60)}.{new string('e', 60)}.{new string('f', 54)}.test";
        var large = before.Smtpd.Submit(
            new SentMail { Original = "rfc822;" + new string('o', 590) },
            [.. names.Take(1030).Select(name => $"{new string('y', 60)}{name}{long254}")]);
        before.Turn();
        Assert.Equal(SubmissionOutcome.Committed, before.Smtpd.Answers[large]);
        while (before.Remote.Attempts.Any(attempt => attempt.Message == before.Smtpd.Ids[large]))
        {
            before.AnswerAll(before.Remote, DeliveryOutcome.Permanent);
        }

        var content = string.Join('|', Enumerable.Repeat(new string('z', 60_000), 100));
        for (var more = 0; more < 4; more++)
        {
            before.Smtpd.Submit(new SentMail { Content = content }, "x@c.test");
            before.Turn();
        }

        var bytes = before.Log.BytesSinceCheckpoint;
        before.Pass(TimeSpan.FromMinutes(2));
        Assert.InRange(before.Log.BytesSinceCheckpoint, 0, bytes / 2);

        using var after = before.Crash();
        Assert.Equal(1030, after.Bounce.Notices.Sum(notice => notice.Recipients.Count(one => one.Address.StartsWith('y'))));
    }

    // Late and then given up, and nobody told the sender of either: twice as many debts as a message may have recipients.
    [Fact]
    public void MessageWithManyWhoWereLateAndThenGivenUp_ComesThroughACheckpoint()
    {
        using var before = new QueueRig();
        before.Bounce.Answers = false;
        before.Smtpd.Submit(new SentMail(), [.. Enumerable.Range(0, 5001).Select(name => $"x{name}@relay.test")]);
        before.Turn();
        for (var half = 0; half < 20; half++)
        {
            AnswerEach(before, DeliveryOutcome.Temporary);
            before.Clock.Pass(TimeSpan.FromMinutes(30));
            before.Turn();
        }

        for (var half = 0; half < 20; half++)
        {
            AnswerEach(before, DeliveryOutcome.Permanent);
            before.Clock.Pass(TimeSpan.FromMinutes(30));
            before.Turn();
        }

        before.Log.BeginCheckpoint();
        EndCheckpoint(before);
        using var after = before.Crash();
        Assert.Equal(5001, after.Bounce.Notices.Sum(notice => notice.Recipients.Count(one => one.Action == NoticeAction.Failed)));
    }

    private static void AnswerEach(QueueRig rig, DeliveryOutcome outcome)
    {
        while (rig.Remote.Attempts.Count > 0)
        {
            rig.AnswerAll(rig.Remote, outcome);
        }
    }

    /// <summary>Writes the last message as it stands, and ends the checkpoint.</summary>
    internal static void EndCheckpoint(QueueRig rig)
    {
        WritePiece(rig, rig.Parts.Core.Table.Messages.Bound - 1);
        Assert.Equal(LogResult.Success, rig.Log.EndCheckpoint());
        Assert.Equal(LogResult.Success, rig.Log.Commit());
    }

    internal static void WritePiece(QueueRig rig, int message)
    {
        var core = rig.Parts.Core;
        var piece = new ByteQueue();
        CheckpointPiece.Begin(piece, core.Generation);
        if (core.Table.Messages[message].Id != 0)
        {
            var payload = new ByteQueue();
            Assert.True(new MessageImage(core).TryWrite(message, null, payload));
            var owed = rig.Parts.Notices.OwedOf(message).Select(item => ((uint)core.Table.Recipients[item.Recipient].Number, item)).ToList();
            CheckpointPiece.Add(piece, core.Table.Messages[message].Envelope, core.Table.Messages[message].FirstSection, payload.Span, owed);
        }

        Assert.Equal(LogResult.Success, rig.Log.AppendCheckpoint(piece.Span));
    }
}
