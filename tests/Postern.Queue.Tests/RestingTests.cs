using System.Text;
using Postern.Ipc;
using Postern.Ipc.Administration;
using Postern.Ipc.Delivery;
using Postern.Ipc.Notices;
using Postern.Ipc.Wire;
using Postern.Mail;
using Postern.Posix.Sockets;

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
        _ = Ask(rig, new ActFrame { Request = 1, Act = QueueAct.Hold, Message = rig.Smtpd.Ids.Values.Max(), Destination = "" });
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

    private static List<SeenItem> List(QueueRig rig) => Ask(rig, new ListRequestFrame { Request = 1, Filter = "", Limit = 10_000 }).Items;

    private static (ulong Deferred, ulong Held) Status(QueueRig rig)
    {
        var end = Ask(rig, new StatusRequestFrame { Request = 1 });
        return (end.Deferred, end.Held);
    }

    private static AdministratorEnd Ask<T>(QueueRig rig, T request)
        where T : IFrame<T>
    {
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        var end = new AdministratorEnd();
        end.Channel = new Channel(rig.Loop, ours!, end);
        rig.Parts.Welcome(theirs!, administration: true);
        end.Channel.Send(request);
        rig.Turn();
        end.Channel.Dispose();
        rig.Turn();
        return end;
    }
}

/// <summary>One line of the list as an administrator sees it.</summary>
internal sealed record SeenItem(string Recipient, RecipientCondition Condition, int Attempts, long NextAttempt, string LastText);

/// <summary>Plays the command line at the control socket.</summary>
internal sealed class AdministratorEnd : PeerEnd
{
    internal List<SeenItem> Items { get; } = [];

    internal ulong Deferred { get; private set; }

    internal ulong Held { get; private set; }

    internal int Touched { get; private set; }

    internal bool IsAnswered { get; private set; }

    public override bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type == ItemFrame.Type && ItemFrame.TryRead(ref reader, out var item))
        {
            Items.Add(new SeenItem(Encoding.ASCII.GetString(item.Recipient), item.Condition, item.Attempts, item.NextAttempt, Encoding.ASCII.GetString(item.LastText)));
            return true;
        }

        if (type == StatusFrame.Type && StatusFrame.TryRead(ref reader, out var status))
        {
            (Deferred, Held, IsAnswered) = (status.Deferred, status.Held, true);
            return true;
        }

        if (type == ActDoneFrame.Type && ActDoneFrame.TryRead(ref reader, out var done))
        {
            (Touched, IsAnswered) = ((int)done.Count, true);
            return true;
        }

        return IsAnswered = type == RequestEndFrame.Type && RequestEndFrame.TryRead(ref reader, out _);
    }
}
