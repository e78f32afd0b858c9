using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Limits;

/// <summary>SECURITY B9, B17, K1, L5, L6: what a client may do only so often.</summary>
public class AbuseTests
{
    [Fact]
    public void TenWrongCommands_EndTheSession()
    {
        // B9.
        using var server = new TestServer();
        using var client = server.Connect();
        for (var i = 0; i < 9; i++) Assert.StartsWith("50", client.Ask(i % 2 == 0 ? "WHAT" : "MAIL FROM:<>"), StringComparison.Ordinal);
        Assert.StartsWith("421 4.7.0", client.Ask("WHAT"), StringComparison.Ordinal);
        Assert.True(client.IsClosed);
        server.DemandService();
    }

    [Fact]
    public void WrongCommandsInOneSegment_GetTheSameAnswers()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Send(string.Concat(Enumerable.Repeat("WHAT\r\n", 50)));
        Assert.Equal(1 + 10, client.Replies.Count);
        Assert.Equal(421, client.LastCode);
    }

    [Theory]
    // L6.
    [InlineData("NOOP")]
    [InlineData("RSET")]
    [InlineData("VRFY u@a.test")]
    [InlineData("HELP")]
    [InlineData("EHLO c.test")]
    public void HundredCommandsThatLeadNowhere_EndTheSession(string line)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        var count = 0;
        while (!client.IsClosed && count < 1000)
        {
            client.Ask(line);
            count++;
        }

        Assert.Equal(100, count);
        Assert.StartsWith("421 4.7.0", client.LastReply, StringComparison.Ordinal);
        server.DemandService();
    }

    [Fact]
    public void AcceptedMessage_IsProgress()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        for (var i = 0; i < 5; i++)
        {
            for (var j = 0; j < 90; j++) client.Ask("NOOP");
            client.BeginData().Send("x\r\n.\r\n");
        }

        Assert.Equal(5, server.Queue.Committed.Count);
    }

    [Fact]
    public void TenUnknownRecipients_EndTheSession()
    {
        // L5, K1: refused at RCPT, and nothing that a notification could come from exists.
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<s@f.test>");
        for (var i = 0; i < 9; i++) Assert.StartsWith("550 5.1.1", client.Ask($"RCPT TO:<nobody{i}@a.test>"), StringComparison.Ordinal);
        Assert.StartsWith("421 4.7.0", client.Ask("RCPT TO:<nobody@a.test>"), StringComparison.Ordinal);
        Assert.True(client.IsClosed);
        Assert.Equal(0, server.Queue.Opened);
        server.DemandService();
    }

    [Fact]
    public void UnknownRecipientsOfATrustedClient_EndNothing()
    {
        using var server = new TestServer();
        using var client = server.Connect(TestServer.Friend);
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<s@f.test>");
        for (var i = 0; i < 50; i++) Assert.StartsWith("550 5.1.1", client.Ask($"RCPT TO:<nobody{i}@a.test>"), StringComparison.Ordinal);
    }

    [Fact]
    public void ThousandMessages_AreEnoughForOneConnection()
    {
        // B17.
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        var message = "MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\nBDAT 3 LAST\r\nx\r\n";
        for (var i = 0; i < 100; i++) client.Send(string.Concat(Enumerable.Repeat(message, 10)));
        Assert.Equal(1000, server.Queue.Committed.Count);
        Assert.StartsWith("421 4.7.0", client.Ask("MAIL FROM:<s@f.test>"), StringComparison.Ordinal);
        Assert.True(client.IsClosed);
    }

    [Fact]
    public void TenThousandMessagesOfATrustedClient_LeaveNothingBehind()
    {
        // B17.
        using var server = new TestServer();
        using var client = server.Connect(TestServer.Friend);
        client.Ask("EHLO c.test");
        var message = "MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\nBDAT 3 LAST\r\nx\r\n";
        var group = string.Concat(Enumerable.Repeat(message, 100));
        for (var i = 0; i < 100; i++) client.Send(group);
        Assert.Equal(10_000, server.Queue.Committed.Count);
        Assert.Equal((0, 0), (server.Queue.Open, server.Server.Queue.OpenCount));
        Assert.Equal(1, server.Server.SessionCount);
        server.DemandService();
    }
}
