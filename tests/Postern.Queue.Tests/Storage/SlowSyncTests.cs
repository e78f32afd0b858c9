using Postern.Ipc.Delivery;
using Postern.Ipc.Submission;
using Postern.Mail;

namespace Postern.Queue.Tests.Storage;

/// <summary>What the queue does while the disk syncs.</summary>
public sealed class SlowSyncTests
{
    [Fact]
    public void WhatComesDuringASync_IsHeard_AndSharesTheNextOne()
    {
        using var rig = new QueueRig();
        rig.Background.IsSlow = true;
        var first = rig.Smtpd.Submit("s@f.test", "one", "x@b.test");
        rig.Turn();
        Assert.Equal(1, rig.Background.Begun);
        var before = rig.Storage.Commits;

        uint[] others = [.. Enumerable.Range(0, 5).Select(_ => rig.Smtpd.Submit("s@f.test", "another", "x@b.test"))];
        rig.Turn();
        Assert.All(others, transaction => Assert.Contains(transaction, rig.Smtpd.Ids));
        Assert.Empty(rig.Smtpd.Answers);
        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count);

        rig.Background.IsSlow = false;
        rig.Turn();
        Assert.All([first, .. others], transaction => Assert.Equal(SubmissionOutcome.Committed, rig.Smtpd.Answers[transaction]));
        Assert.InRange(rig.Storage.Commits - before, 1, 2);
        Assert.Equal(6, rig.Parts.Core.Table.Messages.Count);
        Assert.NotEmpty(rig.Remote.Attempts);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void ACrashDuringASync_TakesWhatWasNotAnswered(bool reachedStorage, int left)
    {
        using var rig = new QueueRig();
        var kept = rig.Smtpd.Submit("s@f.test", "one", "x@b.test");
        rig.Turn();
        rig.Background.IsSlow = true;
        _ = rig.Smtpd.Submit("s@f.test", "two", "x@b.test");
        rig.Turn();
        _ = rig.Smtpd.Submit("s@f.test", "three", "x@b.test");
        rig.Turn();
        Assert.Equal(SubmissionOutcome.Committed, Assert.Single(rig.Smtpd.Answers, answer => answer.Key == kept).Value);
        using var next = rig.Crash(reachedStorage);
        Assert.Equal(left, next.Parts.Core.Table.Messages.Count);
    }

    [Fact]
    public void AFailedSync_RefusesItsBatch_AndWhatCameMeanwhile_AndEndsTheRun()
    {
        using var rig = new QueueRig();
        rig.Background.IsSlow = true;
        rig.Storage.CommitsUntilFailure = 0;
        var first = rig.Smtpd.Submit("s@f.test", "one", "x@b.test");
        rig.Turn();
        var second = rig.Smtpd.Submit("s@f.test", "two", "x@b.test");
        rig.Background.IsSlow = false;
        rig.Turn();
        Assert.Equal(74, rig.EndCode);
        Assert.Equal(SubmissionOutcome.Failed, rig.Smtpd.Answers[first]);
        Assert.NotEqual(SubmissionOutcome.Committed, rig.Smtpd.Answers.GetValueOrDefault(second, SubmissionOutcome.Failed));
        Assert.Empty(rig.Remote.Attempts);
    }

    [Fact]
    public void ContentThatAnAliasPassesOn_IsNotFreedMeanwhile()
    {
        using var rig = new QueueRig(sectionBytes: 16 * 1024);
        _ = rig.Smtpd.Submit("s@f.test", new string('c', 3000), "alias@a.test");
        rig.Turn();
        var alias = rig.Local.Attempts.Single();
        var oldest = rig.Log.OldestSection;
        for (var round = 0; rig.Parts.Core.Log.Sections.Count < 3; round++)
        {
            _ = rig.Smtpd.Submit("s@f.test", new string('o', 9000), $"u{round}@a.test");
            rig.Turn();
            var other = rig.Local.Attempts[^1];
            rig.Local.Answer(other, DeliveryOutcome.Delivered);
            rig.Turn();
        }

        rig.Background.IsSlow = true;
        rig.Local.Target(alias, 0, "x@b.test");
        rig.Local.Answer(alias, 0, DeliveryOutcome.Expanded);
        rig.Local.End(alias);
        rig.Turn();
        Assert.Equal(0, rig.Parts.Core.Table.Messages.Count); // The alias has given way, and what takes its place is on its way.
        rig.Pass(TimeSpan.FromMinutes(5));
        rig.Background.IsSlow = false;
        rig.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(oldest, rig.Log.OldestSection);
        Assert.Equal(new string('c', 3000), Assert.Single(rig.Remote.Attempts).Content.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void StorageThatFailsWhereNobodyLooks_EndsTheRun(bool mailComes)
    {
        using var log = new Spool.MemoryLog();
        using var rig = new QueueRig(log);
        log.Break();
        if (mailComes)
        {
            var refused = rig.Smtpd.Submit("s@f.test", "one", "x@b.test");
            rig.Turn();
            Assert.Equal(SubmissionOutcome.Failed, rig.Smtpd.Answers[refused]);
        }
        else
        {
            rig.Pass(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(74, rig.EndCode);
    }

    [Fact]
    public void AnAliasOnItsWay_CannotBeHeld_AndDoesNotComeBack()
    {
        using var rig = new QueueRig();
        _ = rig.Smtpd.Submit("s@f.test", "one", "alias@a.test");
        rig.Turn();
        rig.Background.IsSlow = true;
        var attempt = rig.Local.Attempts.Single();
        rig.Local.Target(attempt, 0, "x@b.test");
        rig.Local.Answer(attempt, 0, DeliveryOutcome.Expanded);
        rig.Local.End(attempt);
        rig.Turn();
        Assert.Equal(1, rig.Background.Begun);
        Assert.Equal(0, QueueRig.ActOnAll(rig.Parts.Core, Ipc.Administration.QueueAct.Hold));
        Assert.Empty(rig.Remote.Attempts);

        rig.Background.IsSlow = false;
        rig.Turn();
        Assert.Single(rig.Remote.Attempts);
        using var next = rig.Crash();
        next.Turn();
        Assert.Single(next.Remote.Attempts);
        Assert.Empty(next.Local.Attempts);
    }
}
