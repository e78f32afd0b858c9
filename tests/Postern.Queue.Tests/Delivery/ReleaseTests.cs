using Postern.Ipc.Administration;
using Postern.Ipc.Notices;
using Postern.Mail;
using Postern.Queue.Tests.Administration;

namespace Postern.Queue.Tests.Delivery;

/// <summary>Messages that are held back (RFC 4865): not tried before their moment, whatever happens meanwhile, and with all of their time from then on.</summary>
public sealed class ReleaseTests
{
    private static readonly TimeSpan _short = TimeSpan.FromMinutes(3);

    [Fact]
    public void Message_IsTriedWhenItsMomentComes_AndNotBefore()
    {
        using var rig = Held(TimeSpan.FromHours(2));
        rig.Pass(TimeSpan.FromHours(2) - _short);
        Assert.Empty(rig.Remote.Attempts);
        Assert.Empty(rig.Local.Attempts);
        rig.Pass(2 * _short);
        Assert.Single(rig.Remote.Attempts);
        Assert.Single(rig.Local.Attempts);
    }

    [Fact]
    public void MomentThatIsOver_IsNow()
    {
        using var rig = Held(-TimeSpan.FromHours(1));
        Assert.Single(rig.Remote.Attempts);
        Assert.Equal(rig.Parts.Core.Now, rig.Parts.Core.Table.Messages[0].Arrived);
    }

    // Longer than the longest wait between two attempts, and than the life of a message.
    [Theory]
    [InlineData(10, false)]
    [InlineData(10, true)]
    [InlineData(240, false)]
    [InlineData(240, true)]
    public void Restart_ChangesNothing(int hours, bool checkpoint)
    {
        var rig = Held(TimeSpan.FromHours(hours));
        rig.Pass(_short);
        if (checkpoint)
        {
            rig.Log.BeginCheckpoint();
            CheckpointTests.WritePiece(rig, 0);
            CheckpointTests.EndCheckpoint(rig);
        }

        var next = rig.Crash();
        Skip(next, TimeSpan.FromHours(hours / 2));
        Assert.Empty(next.Remote.Attempts);
        using var last = next.Crash();
        Skip(last, TimeSpan.FromHours(hours) - TimeSpan.FromHours(hours / 2) - (2 * _short));
        Assert.Empty(last.Remote.Attempts);
        last.Pass(3 * _short);
        Assert.Single(last.Remote.Attempts);
    }

    // Of its five days none has passed when it is released.
    [Fact]
    public void LifeAndDelay_CountFromTheRelease()
    {
        using var rig = Held(TimeSpan.FromDays(10));
        Skip(rig, TimeSpan.FromDays(10) + _short);
        rig.AnswerAll(rig.Local, DeliveryOutcome.Delivered);
        for (var hours = 0; hours < (4 * 24) + 12; hours += 2)
        {
            Skip(rig, TimeSpan.FromHours(2));
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
            Assert.True(hours >= 2 || rig.Bounce.Notices.Count == 0, "late before its time");
        }

        Assert.Equal(NoticeAction.Delayed, Assert.Single(rig.Bounce.Notices).Recipients.Single().Action);
        for (var hours = 0; hours < 24; hours += 2)
        {
            Skip(rig, TimeSpan.FromHours(2));
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
        }

        Assert.Equal(NoticeAction.Failed, rig.Bounce.Notices[^1].Recipients.Single().Action);
    }

    // A wait is a span, as all waits are (P9): whoever sets the clock neither shortens nor lengthens it.
    [Theory]
    [InlineData(365)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(-365)]
    public void ClockThatIsSet_ChangesNothing(int days)
    {
        var rig = Held(TimeSpan.FromHours(10));
        rig.Pass(_short);
        rig.Clock.Jump(TimeSpan.FromDays(days));
        rig.Pass(_short);
        using var next = rig.Crash();
        Skip(next, TimeSpan.FromHours(9.5));
        Assert.Empty(next.Remote.Attempts);
        next.Pass(TimeSpan.FromMinutes(30));
        next.AnswerAll(next.Remote, DeliveryOutcome.Temporary);
        Assert.Equal(1, next.Parts.Core.Table.Recipients[next.Parts.Core.Table.Messages[0].FirstRecipient].Attempts);
        Assert.Empty(next.Bounce.Notices);
    }

    // A start can't know which of the clocks was right: it waits no longer than its sender asked for.
    [Fact]
    public void StartWithAClockThatIsBehind_HoldsItBackOnceMoreAtTheMost()
    {
        var rig = Held(TimeSpan.FromHours(10));
        rig.Pass(TimeSpan.FromHours(5));
        rig.Clock.Jump(TimeSpan.FromDays(-365));
        using var next = rig.Crash();
        Skip(next, TimeSpan.FromHours(9.5));
        Assert.Empty(next.Remote.Attempts);
        next.Pass(TimeSpan.FromMinutes(40));
        Assert.Single(next.Remote.Attempts);
    }

    [Fact]
    public void Nobody_HoldsAMessageBackForLongerThanAYear()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Release = uint.MaxValue }, "x@b.test");
        rig.Turn();
        Assert.Equal(rig.Parts.Core.Now + (366 * 86_400), rig.Parts.Core.Table.Recipients[0].NextAttempt);
    }

    [Fact]
    public void List_TellsThatItWaitsAndUntilWhen()
    {
        using var rig = Held(TimeSpan.FromHours(10));
        var arrived = rig.Parts.Core.Now;
        rig.Pass(_short);
        Assert.All(List(rig), item => Assert.Equal(
            (RecipientCondition.Postponed, 0, arrived + 36_000, string.Empty, arrived), (item.Condition, item.Attempts, item.NextAttempt, item.LastText, item.Arrived)));
        Skip(rig, TimeSpan.FromHours(10));
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
        Assert.Equal((RecipientCondition.Deferred, 1, arrived), List(rig).Where(item => item.Recipient == "x@b.test").Select(item => (item.Condition, item.Attempts, item.Arrived)).Single());
    }

    [Theory]
    [InlineData(QueueAct.Retry, 0)]
    [InlineData(QueueAct.Flush, 0)]
    [InlineData(QueueAct.Release, 2)]
    public void Administrator_DoesNotSendItEarly(QueueAct act, int touched)
    {
        using var rig = Held(TimeSpan.FromHours(10));
        Assert.Equal(touched, act == QueueAct.Release ? QueueRig.ActOnAll(rig.Parts.Core, QueueAct.Hold) : 0);
        Assert.Equal(touched, QueueRig.ActOnAll(rig.Parts.Core, act));
        rig.Pass(_short);
        Assert.Empty(rig.Remote.Attempts);
        Skip(rig, TimeSpan.FromHours(10));
        Assert.Single(rig.Remote.Attempts);
    }

    [Fact]
    public void HeldAndReleasedAfterARestart_ItStillWaitsForItsMoment()
    {
        var rig = Held(TimeSpan.FromHours(10));
        QueueRig.ActOnAll(rig.Parts.Core, QueueAct.Hold);
        rig.Parts.Committer.SyncAtTurnEnd();
        rig.Pass(_short);
        using var next = rig.Crash();
        Assert.Equal(2, QueueRig.ActOnAll(next.Parts.Core, QueueAct.Release));
        next.Pass(_short);
        Assert.Empty(next.Remote.Attempts);
        Skip(next, TimeSpan.FromHours(10));
        Assert.Single(next.Remote.Attempts);
    }

    // The age of what an alias stands for is that of its message, also when the clock was set in between.
    [Theory]
    [InlineData(365)]
    [InlineData(0)]
    public void WhatAnAliasStandsFor_IsAsOldAsItsMessage(int days)
    {
        using var rig = Held(TimeSpan.FromHours(10));
        Skip(rig, TimeSpan.FromHours(10) + _short);
        rig.Clock.Jump(TimeSpan.FromDays(days));
        rig.Pass(_short);
        rig.Local.Target(rig.Local.Single, 1, "y@c.test");
        rig.Local.Answer(rig.Local.Single, DeliveryOutcome.Expanded);
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Attempts.Single(attempt => attempt.Destination == "c.test"), DeliveryOutcome.Temporary);
        rig.Turn();
        Assert.Empty(rig.Bounce.Notices);
        var old = rig.Parts.Core.Now - rig.Parts.Core.Table.Messages[1].Arrived;
        Assert.InRange(old, 0, 15 * 60);
    }

    private static QueueRig Held(TimeSpan hold)
    {
        var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Release = (uint)(rig.Parts.Core.Now + (long)hold.TotalSeconds) }, "x@b.test", "u@a.test");
        rig.Turn();
        return rig;
    }

    // In steps of half an hour: the clock of a queue that runs is looked at each second.
    private static void Skip(QueueRig rig, TimeSpan time)
    {
        for (; time > TimeSpan.Zero; time -= TimeSpan.FromMinutes(30))
        {
            rig.Clock.Pass(time < TimeSpan.FromMinutes(30) ? time : TimeSpan.FromMinutes(30));
            rig.Turn();
        }
    }

    private static List<SeenItem> List(QueueRig rig) => AdministratorEnd.Ask(rig, new ListRequestFrame { Request = 1, Limit = 100, Filter = string.Empty, Of = Selection.All }).Items;
}
