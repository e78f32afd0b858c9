using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Tests.Harness;

namespace Postern.Remote.Tests.Session;

public sealed class ReuseTests
{
    private const string Greeting = "> 220 hi\n< EHLO\n> 250-there\n> 250 PIPELINING\n";
    private const string Message = "< MAIL\n< RCPT\n< DATA\n> 250 o\n> 250 o\n> 354 go\n.\n> 250 ok\n";

    [Fact]
    public void SecondMessageToTheSameHop_TakesTheConnection()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Greeting + Message + Message);
        Assert.Equal(DeliveryOutcome.Delivered, Once(remote, server));
        Assert.Equal(1, remote.Pool.Idle);
        Assert.Equal(DeliveryOutcome.Delivered, Once(remote, server));
        Assert.Equal(1, server.Count);
    }

    [Fact]
    public void IdleTimeOver_SaysQuit()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Greeting + Message + "< QUIT");
        Assert.Equal(DeliveryOutcome.Delivered, Once(remote, server));
        remote.Clock.Pass(TimeSpan.FromSeconds(31));
        remote.TurnUntil(() => server.Lines[^1] == "QUIT");
        Assert.Equal(0, remote.Pool.Open);
    }

    [Theory]
    // Closed while it was idle.
    [InlineData("!")]
    // The same, said first.
    [InlineData("> 421 too idle\n!")]
    // Closed by the first command.
    [InlineData("< MAIL\n!")]
    // Refused by the first command: so many messages are enough.
    [InlineData("< MAIL\n> 421 enough\n!")]
    public void DeadReusedConnection_IsReplacedAtOnce(string end)
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Greeting + Message + end, Greeting + Message);
        Assert.Equal(DeliveryOutcome.Delivered, Once(remote, server));
        Assert.Equal(DeliveryOutcome.Delivered, Once(remote, server));
        Assert.Equal(2, server.Count);
        Assert.Equal(1, remote.Pool.Open);
    }

    [Fact]
    public void SecondDeadConnectionInARow_Defers()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Greeting + Message + "< MAIL\n!", Greeting + "< MAIL\n!", Greeting + Message);
        Assert.Equal(DeliveryOutcome.Delivered, Once(remote, server));
        Assert.Equal(DeliveryOutcome.Temporary, Once(remote, server));
        Assert.Equal(2, server.Count);
    }

    [Fact]
    public void ReusedConnectionLostBeforeTheContent_IsReplacedAtOnce()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Greeting + Message + "< MAIL\n< RCPT\n< DATA\n> 250 ok\n!", Greeting + Message);
        Assert.Equal(DeliveryOutcome.Delivered, Once(remote, server));
        Assert.Equal(DeliveryOutcome.Delivered, Once(remote, server));
        Assert.Equal(2, server.Count);
    }

    [Fact]
    public void ReusedConnectionLostInTheContent_Defers()
    {
        // Whether the server has the message nobody knows: sending it again at once would double it for certain.
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(
            remote.Loop, Greeting + Message + "< MAIL\n< RCPT\n< DATA\n> 250 ok\n> 250 ok\n> 354 go\n.\n!", Greeting + Message);
        Assert.Equal(DeliveryOutcome.Delivered, Once(remote, server));
        Assert.Equal(DeliveryOutcome.Temporary, Once(remote, server));
        Assert.Equal(1, server.Count);
    }

    [Fact]
    public void ReplyWithoutCommandAfterAMessage_EndsTheReuseNotTheSuccess()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Greeting + Message.TrimEnd() + "\n> 250 again", Greeting + Message);
        Assert.Equal(DeliveryOutcome.Delivered, Once(remote, server));
        remote.Settle();
        Assert.Equal(DeliveryOutcome.Delivered, Once(remote, server));
        Assert.Equal(2, server.Count);
    }

    [Fact]
    public void MailMaxOfOne_UsesEachConnectionOnce()
    {
        using var remote = new RemoteUnderTest();
        const string Limited = "> 220 hi\n< EHLO\n> 250-there\n> 250-LIMITS MAILMAX=1\n> 250 PIPELINING\n";
        using var server = new ScriptedServer(remote.Loop, Limited + Message, Limited + Message);
        Assert.Equal(DeliveryOutcome.Delivered, Once(remote, server));
        Assert.Equal(0, remote.Pool.Idle);
        Assert.Equal(DeliveryOutcome.Delivered, Once(remote, server));
    }

    [Fact]
    public void MoreDeliveriesThanConnections_WaitTheirTurn()
    {
        using var remote = new RemoteUnderTest();
        remote.Pool.MaxSessions = 1;
        using var server = new ScriptedServer(remote.Loop, Greeting + Message + Message + "< QUIT");
        using var other = new ScriptedServer(remote.Loop, Greeting + Message);
        var numbers = new[] { server, server, other }.Select(each => remote.Begin(HopOf(each), "x\r\n", "a@example.net")).ToArray();
        foreach (var number in numbers)
        {
            Assert.Equal(DeliveryOutcome.Delivered, remote.Results(number).Single().Outcome);
            Assert.Equal(1, remote.Pool.Open);
        }

        Assert.Equal((1, 1), (server.Count, other.Count));
    }

    // What held one message's content holds the next one's. A cancelled attempt leaves some of it behind.
    [Fact]
    public void ContentOfAMessage_HasNothingOfThoseBeforeIt()
    {
        using var remote = new RemoteUnderTest();
        using var silent = new ScriptedServer(remote.Loop, Greeting + "< MAIL");
        var cancelled = remote.Begin(HopOf(silent), "cancelled\r\n", "a@example.net");
        remote.TurnUntil(() => silent.Lines.Count == 2);
        remote.Cancel(cancelled);
        remote.TurnUntil(() => remote.Pool.Open == 0);
        using var server = new ScriptedServer(remote.Loop, Greeting + string.Concat(Enumerable.Repeat(Message, 4)));
        string[] contents = ["short\r\n", new string('x', 100_000) + "\r\n", "x\r\n", "y\r\n"];
        foreach (var content in contents)
        {
            Assert.Equal(DeliveryOutcome.Delivered, remote.Deliver(HopOf(server), content, "a@example.net").Single().Outcome);
        }

        Assert.Equal(contents, server.Contents.Select(content => content + "\r\n"));
    }

    [Fact]
    public void CancelledDelivery_ReportsNothingAndFreesItsConnection()
    {
        using var remote = new RemoteUnderTest();
        using var server = new ScriptedServer(remote.Loop, Greeting + "< MAIL");
        var number = remote.Begin(HopOf(server), "x\r\n", "a@example.net");
        remote.TurnUntil(() => server.Lines.Count == 2);
        remote.Cancel(number);
        remote.TurnUntil(() => remote.Pool.Open == 0);
        remote.Settle();
        Assert.False(remote.HasEnded(number));
        Assert.False(remote.IsChannelClosed);
    }

    private static DeliveryOutcome Once(RemoteUnderTest remote, ScriptedServer server) =>
        remote.Deliver(HopOf(server), "x\r\n", "a@example.net").Single().Outcome;

    private static Hop HopOf(ScriptedServer server) => new(HopKind.Host, "127.0.0.1", server.Port);
}
