using Postern.Ipc.Delivery;
using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Tests.Harness;
using Postern.Role;

namespace Postern.Remote.Tests.Program;

public sealed class QueueLinkTests
{
    [Fact]
    public void MoreContentThanGranted_ClosesTheChannel()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, "> 220 hi");
        var number = remote.Begin(HopOf(server), new string('x', 4 * FrameLimits.ContentWindow), "a@example.net");
        remote.TurnUntil(() => server.Count == 1);
        remote.Settle();
        Assert.False(remote.IsChannelClosed);
        for (var i = 0; i < 2; i++)
        {
            remote.Send(new ContentFrame { Transaction = number, Bytes = new byte[FrameLimits.MaxContent] });
        }

        remote.TurnUntil(() => remote.IsChannelClosed);
        // Nobody would wire the two again: remote gives way, and is wired when it is started anew.
        remote.Clock.Pass(StandingLinks.Patience);
        remote.TurnUntil(() => remote.EndCode == ExitCode.Unavailable);
    }

    [Fact]
    public void RecipientAfterTheLast_ClosesTheChannel()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, "> 220 hi");
        var number = remote.Begin(HopOf(server), "x\r\n", "a@example.net");
        remote.Send(new DeliveryRecipientFrame { Delivery = number, Recipient = 9, Address = "b@e.test"u8, Original = [], Notify = 0, Final = false });
        remote.TurnUntil(() => remote.IsChannelClosed);
    }

    [Fact]
    public void LocalHop_ClosesTheChannel()
    {
        using var remote = new RemoteUnderTest();
        remote.Begin(new Hop(HopKind.Local, string.Empty, 0), "x\r\n", "a@example.net");
        remote.TurnUntil(() => remote.IsChannelClosed);
    }

    [Fact]
    public void ContentOfAnAttemptThatHasEnded_IsLateNotHostile()
    {
        using var remote = new RemoteUnderTest();
        remote.Send(new ContentFrame { Transaction = 77, Bytes = "x"u8 });
        remote.Send(new ContentEndFrame { Transaction = 77 });
        remote.Send(new DeliveryCancelFrame { Delivery = 77 });
        remote.Settle();
        Assert.False(remote.IsChannelClosed);
    }

    [Fact]
    public void AddressThatIsNone_FailsAlone()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(
            remote.Loop, "> 220 hi\n< EHLO\n> 250 there\n< MAIL\n> 250 o\n< RCPT TO:<a@e.test>\n> 250 o\n< DATA\n> 354 go\n.\n> 250 ok");
        var results = remote.Deliver(HopOf(server), "x\r\n", "b@e.test>\r\nRCPT TO:<c@e.test", "a@e.test");
        Assert.Equal((DeliveryOutcome.Permanent, 5_001_003u), (results[0].Outcome, results[0].Status));
        Assert.Equal(DeliveryOutcome.Delivered, results[1].Outcome);
    }

    [Fact]
    public void QueueThatGoes_IsLoggedWhenItLeavesDeliveriesBehind()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, "> 220 hi");
        remote.Begin(HopOf(server), "x\r\n", "a@example.net");
        remote.TurnUntil(() => server.Count == 1);
        remote.CloseQueue();
        remote.Settle();
        Assert.Contains("warning remote peer-lost peer=queue deliveries=1 hostile=no", remote.Logged.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void QueueThatGoesWithNothingUnderWay_IsNoNews()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, "> 220 hi\n< EHLO\n> 250 o\n< MAIL\n> 250 o\n< RCPT\n> 250 o\n< DATA\n> 354 go\n.\n> 250 ok");
        Assert.Equal(DeliveryOutcome.Delivered, remote.Deliver(HopOf(server), "x\r\n", "a@example.net").Single().Outcome);
        remote.CloseQueue();
        remote.Settle();
        Assert.Empty(remote.Logged.ToString());
    }

    [Fact]
    public void HostileQueue_IsLoggedWithNothingUnderWay()
    {
        using var remote = new RemoteUnderTest();
        remote.Send(new DeliveryReadyFrame { Delivery = 5 });
        remote.TurnUntil(() => remote.IsChannelClosed);
        Assert.Contains("deliveries=0 hostile=yes", remote.Logged.ToString(), StringComparison.Ordinal);
    }

    private static Hop HopOf(ScriptedServer server) => new(HopKind.Host, "127.0.0.1", server.Port);
}
