using Postern.Ipc.Administration;
using Postern.Ipc.Delivery;
using Postern.Ipc.Notices;
using Postern.Mail;
using Postern.Queue.Tests.Administration;

namespace Postern.Queue.Tests;

/// <summary>What waits for a destination that rests after failures: it is seen to wait, and its time runs although it is not tried.</summary>
public sealed class RestingTests
{
    private const string Text = "Subject: t\r\n\r\nbody\r\n";

    [Fact]
    public void FirstFailedAttempt_IsListedAsDeferredWithItsAnswer()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@a.test", Text, "x@b.test");
        rig.Turn();
        rig.Remote.Answer(rig.Remote.Single, DeliveryOutcome.Temporary, FaultOf.World);
        rig.Turn();
        var item = Assert.Single(List(rig));
        Assert.Equal(RecipientCondition.Deferred, item.Condition);
        Assert.Equal(1, item.Attempts);
        Assert.Equal("so it was", item.LastText);
        Assert.True(item.NextAttempt > rig.Parts.Core.Now);
    }

    [Fact]
    public void MessageThatArrivesWhileItsDestinationRests_IsListedAsDeferredUntilTheRestIsOver()
    {
        using var rig = new QueueRig();
        MakeRest(rig);
        var tried = rig.Remote.Attempts.Count;
        rig.Smtpd.Submit("s@a.test", Text, "late@b.test");
        rig.Turn();
        Assert.Equal(tried, rig.Remote.Attempts.Count);
        var item = Assert.Single(List(rig), item => item.Recipient == "late@b.test");
        Assert.Equal((RecipientCondition.Deferred, 0), (item.Condition, item.Attempts));
        Assert.Equal("so it was", item.LastText);
        Assert.InRange(item.NextAttempt, rig.Parts.Core.Now + 1, rig.Parts.Core.Now + 900);
        Assert.Equal(List(rig).Count, (int)Status(rig).Deferred);
    }

    [Fact]
    public void RecipientOfAHealthyDestination_IsNotListedAsDeferred()
    {
        using var rig = new QueueRig();
        MakeRest(rig);
        rig.Smtpd.Submit("s@a.test", Text, "x@relay.test");
        rig.Turn();
        Assert.Equal(RecipientCondition.Active, Assert.Single(List(rig), item => item.Recipient == "x@relay.test").Condition);
    }

    // A destination that rests is tried with one message at a time: whoever is behind many others never had an attempt.
    [Fact]
    public void MessageThatNeverHadItsTurn_IsAnnouncedAsLateAndGivenUpInTime()
    {
        using var rig = new QueueRig();
        MakeRest(rig, count: 1200);
        var last = rig.Smtpd.Submit("last@a.test", Text, "last@b.test");
        rig.Turn();
        PassAndFail(rig, TimeSpan.FromHours(5));
        Assert.DoesNotContain(rig.Remote.Attempts, attempt => attempt.Message == rig.Smtpd.Ids[last]);
        var late = Assert.Single(rig.Bounce.Notices, notice => notice.To == "last@a.test");
        Assert.Equal([(NoticeAction.Delayed, "last@b.test")], late.Recipients);

        PassAndFail(rig, TimeSpan.FromDays(5));
        Assert.DoesNotContain(rig.Remote.Attempts, attempt => attempt.Message == rig.Smtpd.Ids[last]);
        Assert.Equal(2, rig.Bounce.Notices.Count(notice => notice.To == "last@a.test"));
        Assert.Equal([(NoticeAction.Failed, "last@b.test")], rig.Bounce.Notices.Last(notice => notice.To == "last@a.test").Recipients);
        Assert.DoesNotContain(List(rig), item => item.Recipient == "last@b.test");
    }

    [Fact]
    public void HeldMessage_IsNotGivenUp()
    {
        using var rig = new QueueRig();
        MakeRest(rig);
        rig.Smtpd.Submit("s@a.test", Text, "late@b.test");
        rig.Turn();
        _ = AdministratorEnd.Ask(rig, new ActFrame { Request = 1, Act = QueueAct.Hold, Message = rig.Smtpd.Ids.Values.Max(), Of = Selection.All });
        PassAndFail(rig, TimeSpan.FromDays(6));
        Assert.Equal(RecipientCondition.Held, Assert.Single(List(rig), item => item.Recipient == "late@b.test").Condition);
    }

    [Fact]
    public void EachRecipient_ShowsItsOwnAnswer()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit("s@a.test", Text, "x@b.test", "y@b.test", "z@b.test");
        rig.Turn();
        var attempt = rig.Remote.Single;
        rig.Remote.Answer(attempt, 0, DeliveryOutcome.Temporary, text: "mailbox full");
        rig.Remote.Answer(attempt, 1, DeliveryOutcome.Temporary, text: "greylisted");
        rig.Remote.Answer(attempt, 2, DeliveryOutcome.Permanent, text: "nobody of that name");
        rig.Remote.End(attempt);
        rig.Turn();
        Assert.Equal(["mailbox full", "greylisted"], List(rig).Where(item => item.Condition == RecipientCondition.Deferred).Select(item => item.LastText));
    }

    /// <summary>Sends messages to a destination that fails until it rests.</summary>
    private static void MakeRest(QueueRig rig, int count = 5)
    {
        for (var i = 0; i < count; i++)
        {
            rig.Smtpd.Submit($"s{i}@a.test", Text, $"x{i}@b.test");
        }

        rig.Turn();
        while (FailOpen(rig))
        {
            rig.Turn();
        }
    }

    private static void PassAndFail(QueueRig rig, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMinutes(5))
        {
            rig.Clock.Pass(TimeSpan.FromMinutes(5));
            rig.Turn();
            while (FailOpen(rig))
            {
                rig.Turn();
            }
        }
    }

    private static bool FailOpen(QueueRig rig)
    {
        var open = rig.Remote.Attempts.Where(attempt => attempt.Ended && !attempt.Answered).ToList();
        open.ForEach(attempt => rig.Remote.Answer(attempt, DeliveryOutcome.Temporary, FaultOf.World));
        return open.Count > 0;
    }

    private static List<SeenItem> List(QueueRig rig) => AdministratorEnd.Ask(rig, new ListRequestFrame { Request = 1, Filter = "", Of = Selection.All, Limit = 10_000 }).Items;

    private static (ulong Deferred, ulong Held) Status(QueueRig rig)
    {
        var end = AdministratorEnd.Ask(rig, new StatusRequestFrame { Request = 1 });
        return (end.Deferred, end.Held);
    }
}
