using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Mail;

namespace Postern.Queue.Tests.Delivery;

/// <summary>What is queued follows the routes and limits of a new configuration.</summary>
public sealed class ReroutingTests
{
    [Fact]
    public void DeferredMessage_GoesByTheNewRoute()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Content = "x" }, "x@moves.test", "x@stays.test");
        rig.Turn();
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
        rig.Parts.Adopt(WithRoute(rig, "moves.test"));
        rig.Pass(TimeSpan.FromMinutes(6));
        Assert.Equal(
            [(HopKind.Host, "192.0.2.9"), (HopKind.Exchangers, "stays.test")],
            rig.Remote.Attempts.Select(attempt => (attempt.Hop, attempt.Destination)).OrderBy(attempt => attempt.Destination));
    }

    [Fact]
    public void MessageBehindADeadDestination_LeavesItsLine()
    {
        using var rig = new QueueRig();
        for (var i = 0; i < 30; i++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"x{i}@moves.test");
        }

        rig.Turn();
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary, FaultOf.World);
        Assert.Empty(rig.Remote.Attempts);
        rig.Parts.Adopt(WithRoute(rig, "moves.test"));
        rig.Pass(TimeSpan.FromSeconds(30));
        Assert.NotEmpty(rig.Remote.Attempts);
        Assert.All(rig.Remote.Attempts, attempt => Assert.Equal("192.0.2.9", attempt.Destination));
    }

    [Fact]
    public void RecipientThatIsBeingDelivered_FollowsAfterwards()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Content = "x" }, "x@moves.test");
        rig.Turn();
        rig.Parts.Adopt(WithRoute(rig, "moves.test"));
        rig.Turn();
        rig.AnswerAll(rig.Remote, DeliveryOutcome.Temporary);
        rig.Pass(TimeSpan.FromMinutes(6));
        Assert.Equal("192.0.2.9", rig.Remote.Single.Destination);
    }

    [Fact]
    public void OwnDomainThatGetsARoute_LeavesItsMailboxes()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Content = "x" }, "u@a.test");
        rig.Turn();
        rig.AnswerAll(rig.Local, DeliveryOutcome.Temporary);
        rig.Parts.Adopt(WithRoute(rig, "a.test"));
        rig.Pass(TimeSpan.FromMinutes(6));
        Assert.Empty(rig.Local.Attempts);
        Assert.Equal("192.0.2.9", rig.Remote.Single.Destination);
    }

    [Fact]
    public void SmallerLimit_HoldsForWindowsThatAreOpen()
    {
        using var rig = new QueueRig();
        rig.Smtpd.Submit(new SentMail { Content = "x" }, "x@b.test");
        rig.Turn();
        rig.Parts.Adopt(rig.Parts.Core.Settings with { Attempts = (1, 200, 64) });
        for (var i = 0; i < 5; i++)
        {
            rig.Smtpd.Submit(new SentMail { Content = "x" }, $"x{i}@b.test");
        }

        rig.Turn();
        Assert.Single(rig.Remote.Attempts);
    }

    private static QueueSettings WithRoute(QueueRig rig, string domain)
    {
        var routing = new Routing("a.test", "mx.a.test");
        Assert.True(routing.TryAdd(domain, new NextHop(HopKind.Host, "192.0.2.9", 2600)));
        return rig.Parts.Core.Settings with { Routing = routing };
    }
}
