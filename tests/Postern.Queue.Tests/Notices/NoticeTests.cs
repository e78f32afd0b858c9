using Postern.Ipc.Notices;
using Postern.Mail;

namespace Postern.Queue.Tests;

public sealed class NoticeTests
{
    private const string Text = "Subject: t\r\n\r\nbody\r\n";

    [Fact]
    public void FailedRecipient_IsReportedToTheSenderWithTheHeader()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@a.test", Text, "x@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Permanent);
        rig.Turn();
        var notice = Assert.Single(rig.Bounce.Notices);
        Assert.Equal("s@a.test", notice.To);
        Assert.Equal([(NoticeAction.Failed, "x@b.test")], notice.Recipients);
        Assert.Equal("Subject: t\r\n", notice.Original);
        Assert.Equal(string.Empty, rig.Local.Single.Sender);
        Assert.Equal(["s@a.test"], rig.Local.Single.Recipients.Select(recipient => recipient.Address));
    }

    [Fact]
    public void DebtThatWasNotPaidBeforeACrash_IsPaidAfter()
    {
        using var before = new QueueRig();
        before.Bounce.Answers = false;
        before.Smtpd.Submit("s@a.test", Text, "x@b.test");
        before.Turn();
        before.Remote.Answer(before.Remote.Single, DeliveryOutcome.Permanent);
        before.Turn();
        Assert.Empty(before.Local.Attempts);

        using var after = before.Crash();
        after.Turn();
        Assert.Single(after.Bounce.Notices);
        Assert.Equal(["s@a.test"], after.Local.Single.Recipients.Select(recipient => recipient.Address));
    }

    [Fact]
    public void DebtThatWasPaid_IsNotPaidTwice()
    {
        using var before = new QueueRig();
        before.Smtpd.Submit("s@a.test", Text, "x@b.test");
        before.Turn();
        before.Remote.Answer(before.Remote.Single, DeliveryOutcome.Permanent);
        before.Turn();
        Assert.Single(before.Local.Attempts);

        using var after = before.Crash();
        after.Turn();
        Assert.Empty(after.Bounce.Notices);
        Assert.Single(after.Local.Attempts);
    }

    [Fact]
    public void FailedNotification_GoesToPostmasterOnceAndThenNowhere()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(string.Empty, Text, "x@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Permanent);
        rig.Turn();
        Assert.Equal("", Assert.Single(rig.Bounce.Notices).To);

        Assert.Equal("postmaster@mx.a.test", Assert.Single(rig.Local.Single.Recipients).Address);
        Assert.DoesNotContain("report-lost", rig.Lines, StringComparison.Ordinal);
        rig.Local.Answer(rig.Local.Single, DeliveryOutcome.Permanent);
        rig.Turn();
        Assert.Single(rig.Bounce.Notices);
        Assert.Contains("warning queue report-lost", rig.Lines, StringComparison.Ordinal);
        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);
    }

    [Fact]
    public void NotifyNever_IsHonoured()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@a.test", Text, NotifyOn.Never, "x@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Permanent);
        rig.Turn();
        Assert.Empty(rig.Bounce.Notices);
        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);
    }

    [Fact]
    public void SuccessThatWasAskedFor_IsReported()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@a.test", Text, NotifyOn.Success, "x@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Relayed);
        rig.Turn();
        Assert.Equal([(NoticeAction.Relayed, "x@b.test")], Assert.Single(rig.Bounce.Notices).Recipients);
    }

    [Fact]
    public void LateMessage_IsReportedOnce()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@a.test", Text, "x@b.test");
        rig.Turn();
        for (var hours = 0; hours < 12; hours++)
        {
            foreach (var attempt in rig.Remote.Attempts.ToList())
            {
                rig.Remote.Answer(attempt, DeliveryOutcome.Temporary);
                rig.Remote.Attempts.Remove(attempt);
            }

            rig.Turn();
            rig.Pass(TimeSpan.FromHours(1));
        }

        Assert.Equal([(NoticeAction.Delayed, "x@b.test")], Assert.Single(rig.Bounce.Notices).Recipients);
    }

    [Fact]
    public void MessageWhoseTimeIsOver_IsGivenUp()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@a.test", Text, NotifyOn.Failure, "x@b.test");
        rig.Turn();
        for (var hours = 0; hours < 126 && rig.Bounce.Notices.Count == 0; hours += 2)
        {
            foreach (var attempt in rig.Remote.Attempts.ToList())
            {
                rig.Remote.Answer(attempt, DeliveryOutcome.Temporary);
                rig.Remote.Attempts.Remove(attempt);
            }

            rig.Turn();
            rig.Pass(TimeSpan.FromHours(2));
        }

        Assert.Equal([(NoticeAction.Failed, "x@b.test")], Assert.Single(rig.Bounce.Notices).Recipients);
    }

    [Fact]
    public void AliasIsReplacedByItsTargets_InOneCommit()
    {
        using var before = new QueueRig();
        before.Smtpd.Submit("s@f.test", Text, "team@a.test");
        before.Turn();
        var attempt = before.Local.Single;
        before.Local.Target(attempt, 0, "u@a.test", list: true);
        before.Local.Target(attempt, 0, "x@b.test", list: true);
        before.Local.Answer(attempt, DeliveryOutcome.Expanded);
        before.Turn();
        Assert.Equal(2, before.Local.Attempts.Count);
        Assert.Equal([(0u, "u@a.test", true)], before.Local.Attempts[1].Recipients);
        Assert.Equal(Text, before.Local.Attempts[1].Content.ToString());
        Assert.Equal(Text, before.Remote.Single.Content.ToString());

        using var after = before.Crash();
        Assert.Equal([(0u, "u@a.test", true)], after.Local.Single.Recipients);
        Assert.Equal("x@b.test", after.Remote.Single.Recipients[0].Address);
    }
}
