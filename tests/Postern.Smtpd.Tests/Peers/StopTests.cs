using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Peers;

/// <summary>Stopping in good order, and a change of configuration under running sessions.</summary>
public class StopTests
{
    [Fact]
    public void IdleSessions_AreToldAndClosed()
    {
        using var server = new TestServer();
        using var greeted = server.Connect();
        using var ready = server.Connect();
        ready.Ask("EHLO c.test");
        ready.Ask("MAIL FROM:<s@f.test>");
        var emptied = 0;
        server.Server.Emptied = () => emptied++;
        server.Server.Stop();
        server.Settle();
        Assert.StartsWith("421 4.3.2", greeted.LastReply, StringComparison.Ordinal);
        Assert.StartsWith("421 4.3.2", ready.LastReply, StringComparison.Ordinal);
        greeted.Dispose();
        Assert.Equal(0, emptied);
        ready.Dispose();
        Assert.Equal(1, emptied);
    }

    [Fact]
    public void MessageUnderWay_IsFinishedFirst()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.BeginData().Send("one\r\n");
        server.Server.Stop();
        server.Settle();
        Assert.Equal(354, client.LastCode);
        client.Send("two\r\n.\r\n");
        Assert.Equal(["250", "421"], client.Replies.TakeLast(2).Select(reply => reply[..3]));
        Assert.Single(server.Queue.Committed);
        Assert.True(client.IsClosed);
    }

    [Fact]
    public void NewClient_IsTurnedAway()
    {
        using var server = new TestServer();
        using var busy = server.Connect();
        busy.BeginData();
        server.Server.Stop();
        using var client = server.Connect();
        Assert.StartsWith("421 4.3.2", Assert.Single(client.Replies), StringComparison.Ordinal);
    }

    [Fact]
    public void ServerWithoutSessions_IsDoneAtOnce()
    {
        using var server = new TestServer();
        var emptied = false;
        server.Server.Emptied = () => emptied = true;
        server.Server.Stop();
        Assert.True(emptied);
    }

    [Fact]
    public void NewConfiguration_IsForNewSessions()
    {
        using var server = new TestServer();
        using var old = server.Connect();
        server.Configure(head => head with { MessageSize = 10 });
        using var young = server.Connect();
        Assert.Contains("SIZE 1048576", old.Ask("EHLO c.test"), StringComparison.Ordinal);
        Assert.Contains("SIZE 10\n", young.Ask("EHLO c.test"), StringComparison.Ordinal);
        old.BeginData().Send(new string('x', 100) + "\r\n.\r\n");
        young.BeginData().Send(new string('x', 100) + "\r\n.\r\n");
        Assert.Equal((250, 552), (old.LastCode, young.LastCode));
    }
}
