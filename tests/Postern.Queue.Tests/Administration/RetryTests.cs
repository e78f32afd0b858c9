using Postern.Ipc.Administration;
using Postern.Ipc.Delivery;
using Postern.Mail;

namespace Postern.Queue.Tests.Administration;

/// <summary>A message that an administrator names is the one that is tried, whoever waits in front of it.</summary>
public sealed class RetryTests
{
    private const string Text = "Subject: t\r\n\r\nbody\r\n";
    private const string Hosts = "10 mx1.host.test 20 mx2.host.test";

    [Fact]
    public void NamedMessageAtADestinationThatRests_IsItsNextAttempt()
    {
        using var rig = Resting(out var ids);
        var done = Retry(rig, ids[4]);
        Assert.Equal((1, 1, 1), (done.Recipients, done.Messages, done.Tried));
        Assert.Equal(ids[4], rig.Remote.Single.Message);
    }

    // It has the place of the next message, too: that of a domain that nobody named, but with the same exchangers.
    [Fact]
    public void NamedMessageAtHostsThatRest_GoesBeforeTheirOtherDomains()
    {
        using var rig = new QueueRig();
        var other = Submit(rig, "x@other.test");
        var named = Submit(rig, "x@named.test");
        rig.Turn();
        foreach (var attempt in rig.Remote.Attempts.ToList())
        {
            rig.Remote.Channel.Send(new ExchangersFrame { Delivery = attempt.Delivery, Exchangers = System.Text.Encoding.ASCII.GetBytes(Hosts) });
            rig.Turn();
        }

        Fail(rig);
        Submit(rig, "y@other.test");
        Submit(rig, "z@other.test");
        rig.Turn();
        Assert.Empty(rig.Remote.Attempts);
        Assert.Equal(1, Retry(rig, rig.Smtpd.Ids[named]).Tried);
        Assert.Equal(rig.Smtpd.Ids[named], rig.Remote.Single.Message);
        Assert.NotEqual(other, named);
    }

    // As many attempts are under way as may be: it is not tried now, and nothing says so; but nobody comes before it.
    [Fact]
    public void NamedMessageAtABusyDestination_IsTheNextOne()
    {
        using var rig = Resting(out var ids);
        Assert.Equal(1, Retry(rig, ids[4]).Tried);
        var done = Retry(rig, ids[3]);
        Assert.Equal((1, 0), (done.Recipients, done.Tried));
        Assert.Equal(ids[4], rig.Remote.Single.Message);
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Delivered);
        Assert.Equal(ids[3], rig.Remote.Attempts[0].Message);
    }

    [Fact]
    public void NamedMessageThatIsNoMoreThanItsDestinationTakes_IsTriedInPieces()
    {
        using var rig = new QueueRig();
        var large = Submit(rig, [.. Enumerable.Range(0, 250).Select(number => $"x{number}@b.test")]);
        Submit(rig, "y@b.test");
        rig.Turn();
        Fail(rig);
        rig.Clock.Pass(TimeSpan.FromSeconds(1));
        var done = Retry(rig, rig.Smtpd.Ids[large]);
        Assert.Equal((250, 1, 100), (done.Recipients, done.Messages, done.Tried));
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary, FaultOf.World);
        Retry(rig, rig.Smtpd.Ids[large]);
        Assert.Equal(rig.Smtpd.Ids[large], rig.Remote.Single.Message);
    }

    // Whoever asks again and again while there is no place must not make the line longer.
    [Fact]
    public void RetryRepeated_LengthensNoLine()
    {
        using var rig = Resting(out var ids);
        Retry(rig, ids[4]);
        Retry(rig, ids[3]);
        var waiting = rig.Parts.Core.Destinations.All.Sum(there => there.Waiting.Count);
        for (var time = 0; time < 5; time++)
        {
            Assert.Equal(0, Retry(rig, ids[3]).Tried);
        }

        Assert.Equal(waiting, rig.Parts.Core.Destinations.All.Sum(there => there.Waiting.Count));
    }

    [Fact]
    public void NamedMessageWhileTheProgramIsDown_WaitsForIt()
    {
        using var rig = Resting(out var ids);
        rig.Remote.Channel.Dispose();
        rig.Turn();
        Assert.Equal((1, 0), (Retry(rig, ids[4]) is var done ? done.Recipients : 0, done.Tried));
        rig.RestartRemote();
        Assert.Equal(ids[4], rig.Remote.Attempts[0].Message);
    }

    // To hold or remove something once had the destination tried with something else.
    [Fact]
    public void HoldAndRemove_LetADestinationRest()
    {
        using var rig = Resting(out var ids);
        Assert.Equal(1, Act(rig, QueueAct.Hold, ids[4]).Recipients);
        Assert.Equal(0, Retry(rig, ids[4]).Recipients);
        Assert.Equal(1, Act(rig, QueueAct.Remove, ids[3]).Recipients);
        Assert.Empty(rig.Remote.Attempts);
        Assert.Equal(1, Act(rig, QueueAct.Release, ids[4]).Recipients);
        Assert.Single(rig.Remote.Attempts);
    }

    private static uint Submit(QueueRig rig, params string[] recipients) => rig.Smtpd.Submit("s@a.test", Text, recipients);

    private static void Fail(QueueRig rig)
    {
        while (rig.Remote.Attempts.Count > 0)
        {
            rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary, FaultOf.World);
        }
    }

    /// <summary>Five messages, the first of which was tried and failed, so that their destination rests.</summary>
    private static QueueRig Resting(out List<ulong> ids)
    {
        var rig = new QueueRig();
        var numbers = Enumerable.Range(0, 5).Select(number => rig.Smtpd.Submit($"s{number}@a.test", Text, $"x{number}@b.test")).ToList();
        rig.Turn();
        ids = [.. numbers.Select(number => rig.Smtpd.Ids[number])];
        Fail(rig);
        Assert.Empty(rig.Remote.Attempts);
        return rig;
    }

    private static AdministratorEnd Retry(QueueRig rig, ulong message) => Act(rig, QueueAct.Retry, message);

    private static AdministratorEnd Act(QueueRig rig, QueueAct act, ulong message) =>
        AdministratorEnd.Ask(rig, new ActFrame { Request = 1, Act = act, Message = message, Of = Selection.All });
}
