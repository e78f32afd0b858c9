using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Limits;

/// <summary>A client that keeps us waiting loses its session, in every state.</summary>
public class DeadlineTests
{
    public static TheoryData<string> States =>
    [
        "",
        "EHLO c.test\r\n",
        "EHLO c.test\r\n|MAIL FROM:<s@f.test>\r\n",
        "EHLO c.test\r\n|MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\nBDAT 5\r\nhello",
        "NO",
    ];

    [Theory]
    [MemberData(nameof(States))]
    public void SilentClient_IsTimedOut(string state)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        foreach (var piece in state.Split('|')) client.Send(piece);
        server.Advance(TimeSpan.FromSeconds(299));
        Assert.False(client.IsClosed);
        server.Advance(TimeSpan.FromSeconds(1));
        Assert.StartsWith("421 4.4.2", client.LastReply, StringComparison.Ordinal);
        Assert.True(client.IsClosed);
        Assert.Equal(0, server.Queue.Open);
        server.DemandService();
    }

    [Theory]
    [MemberData(nameof(States))]
    public void ByteEveryTwentySeconds_DoesNotMoveTheDeadlineOfACommand(string state)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        foreach (var piece in state.Split('|')) client.Send(piece);
        var seconds = 0;
        for (; seconds < 1000 && !client.IsClosed; seconds += 20)
        {
            client.Send("N");
            server.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.InRange(seconds, 280, 320);
        Assert.Equal(421, client.LastCode);
    }

    [Theory]
    [InlineData("DATA\r\n")]
    [InlineData("BDAT 1000000\r\n")]
    public void ContentInDrops_IsTimedOut(string command)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Send("MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\n" + command);
        var seconds = 0;
        for (; seconds < 2000 && !client.IsClosed; seconds += 20)
        {
            client.Send("drop");
            server.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.InRange(seconds, 280, 320);
        Assert.StartsWith("421 4.4.2", client.LastReply, StringComparison.Ordinal);
        Assert.Equal(0, server.Queue.Open);
        server.DemandService();
    }

    [Fact]
    public void SlowButSteadyContent_IsTaken()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.BeginData();
        // A thousand bytes a second, for a quarter of an hour.
        for (var i = 0; i < 90; i++)
        {
            client.Send(new string('x', 9_998) + "\r\n");
            server.Advance(TimeSpan.FromSeconds(10));
        }

        client.Send(".\r\n");
        Assert.Equal(250, client.LastCode);
    }

    [Fact]
    public void SilentContent_IsTimedOut()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.BeginData().Send(new string('x', 900_000));
        server.Advance(TimeSpan.FromSeconds(300));
        Assert.Equal(421, client.LastCode);
    }

    [Fact]
    public void Session_HasAnEnd()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        for (var i = 0; i < 90 && !client.IsClosed; i++)
        {
            client.Ask("NOOP");
            server.Advance(TimeSpan.FromSeconds(60));
        }

        Assert.StartsWith("421 4.4.2", client.LastReply, StringComparison.Ordinal);
        Assert.InRange(server.Time.GetTimestamp(), TimeSpan.FromSeconds(3600).Ticks, TimeSpan.FromSeconds(3660).Ticks);
        server.DemandService();
    }

    [Fact]
    public void ClientThatNeverReads_IsNotReadFromAndTimedOut()
    {
        // L7: what we would have to say fills one buffer, then the client waits until it listens.
        using var server = new TestServer();
        using var client = server.Connect(TestServer.Friend);
        client.Ask("EHLO c.test");
        client.Reads = false;
        var group = string.Concat(Enumerable.Repeat("MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\nBDAT 0 LAST\r\n", 1000));
        for (var i = 0; i < 100; i++) client.Send(group);
        var opened = server.Queue.Opened;
        client.Send(group);
        Assert.Equal(opened, server.Queue.Opened);
        Assert.InRange(opened, 100, 20_000);
        server.Advance(TimeSpan.FromSeconds(300));
        server.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, server.Server.SessionCount);
        server.DemandService();
    }

    [Fact]
    public void ClientThatReadsLate_GetsEveryReply()
    {
        using var server = new TestServer();
        using var client = server.Connect(TestServer.Friend);
        client.Ask("EHLO c.test");
        client.Reads = false;
        var group = string.Concat(Enumerable.Repeat("MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\nBDAT 0 LAST\r\n", 1500));
        client.Send(group);
        client.Reads = true;
        client.Send("");
        Assert.Equal(2 + 4500, client.Replies.Count);
        Assert.Equal(1500, server.Queue.Committed.Count);
    }

    [Fact]
    public void LastReply_ReachesAClientThatStillSends()
    {
        // The connection is not reset under a reply that says why.
        using var server = new TestServer();
        using var client = server.Connect();
        client.BeginData().Send("a\nb" + new string('x', 500_000));
        Assert.Equal(554, client.LastCode);
        Assert.True(client.IsClosed);
        Assert.Equal(1, server.Server.SessionCount);
        server.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, server.Server.SessionCount);
    }
}
