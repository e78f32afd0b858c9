using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Limits;

/// <summary>Attacks B9, B17, K1, and floods: what a client may do only so often.</summary>
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
    public void TenThousandUnknownRecipients_LeaveNothingToNotifyOf()
    {
        // K1: over as many connections as it takes.
        using var server = new TestServer();
        var names = Enumerable.Range(0, 10_000).Select(i => $"RCPT TO:<nobody{i}@a.test>\r\n").Chunk(10);
        foreach (var group in names)
        {
            using var client = server.Connect();
            client.Ask("EHLO c.test");
            client.Send("MAIL FROM:<s@f.test>\r\n" + string.Concat(group) + "DATA\r\n");
            Assert.Equal(2 + 1 + 10, client.Replies.Count);
            Assert.Equal(9, client.Replies.Count(reply => reply.StartsWith("550 5.1.1 ", StringComparison.Ordinal)));
            Assert.True(client.IsClosed);
        }

        Assert.Equal((10_000, 0), (server.Directory.Asked.Count, server.Queue.Opened));
        server.DemandService();
    }

    [Fact]
    public void UnknownRecipientsOverSeveralMessages_AreCountedTogether()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        for (var i = 0; i < 9; i++)
        {
            client.BeginData("s@f.test", "nobody@a.test", "u@a.test").Send("x\r\n.\r\n");
            Assert.Equal(250, client.LastCode);
        }

        client.Ask("MAIL FROM:<s@f.test>");
        Assert.StartsWith("421 4.7.0", client.Ask("RCPT TO:<nobody@a.test>"), StringComparison.Ordinal);
        Assert.Equal(9, server.Queue.Committed.Count);
    }

    [Theory]
    // Whatever is sent again and again and brings no message nearer comes to an end, in one segment and in many.
    [InlineData("RCPT TO:<u@\xc3\xa4.test>\r\n", 10)]
    [InlineData("RCPT TO:<@b.test:u@a.test>\r\n", 10)]
    [InlineData("RCPT TO:<broken\r\n", 10)]
    [InlineData("RCPT TO:<u@a.test> X=y\r\n", 10)]
    [InlineData("RCPT TO:<x@f.test>\r\n", 10)]
    [InlineData("BDAT 0\r\n", 10)]
    [InlineData("STARTTLS\r\n", 10)]
    [InlineData("NOOP\r\n", 99)]
    [InlineData("RCPT TO:<nobody@a.test>\r\nBDAT 0\r\n", 20)]
    public void CommandsWithoutEnd_EndTheSession(string line, int replies)
    {
        using var server = new TestServer();
        foreach (var atOnce in new[] { true, false })
        {
            using var client = server.Connect();
            client.Ask("EHLO c.test");
            client.Ask("MAIL FROM:<s@f.test>");
            if (atOnce && line != "STARTTLS\r\n") client.Send(string.Concat(Enumerable.Repeat(line, 1000)));
            else for (var i = 0; i < 1000 && !client.IsClosed; i++) client.Send(line);
            Assert.StartsWith("421 4.7.0 ", client.LastReply, StringComparison.Ordinal);
            Assert.True(client.IsClosed);
            Assert.InRange(client.Replies.Count, 3 + replies - 1, 3 + replies);
        }

        Assert.Equal(0, server.Queue.Opened);
        server.DemandService();
    }

    [Fact]
    public void RefusedContentWithoutRecipients_EndsTheSessionAfterAHundred()
    {
        // Each of them is nobody's fault but the client's, who has been told.
        using var server = new TestServer();
        using var client = server.Connect(TestServer.Friend);
        client.Ask("EHLO c.test");
        client.Send("MAIL FROM:<s@f.test>\r\nRCPT TO:<nobody@a.test>\r\n");
        client.Send(string.Concat(Enumerable.Repeat("BDAT 6\r\nQUIT\r\n", 200)));
        Assert.Equal(98, client.Replies.Count(reply => reply.StartsWith("554 5.5.1 ", StringComparison.Ordinal)));
        Assert.StartsWith("421 4.7.0 ", client.LastReply, StringComparison.Ordinal);
        Assert.True(client.IsClosed);
        server.DemandService();
    }

    [Theory]
    // L6: one recipient too many, and one of whom nothing can be told now: neither is a mistake, and neither goes on for ever.
    [InlineData("RCPT TO:<u@a.test>\r\n", "452 4.5.3 ")]
    [InlineData("RCPT TO:<unsure@a.test>\r\n", "451 4.3.0 ")]
    public void RecipientsThatArePutOffWithoutEnd_EndTheSession(string line, string reply)
    {
        using var server = new TestServer(head => head with { Recipients = 1 });
        foreach (var (from, isTrusted) in new[] { (TestServer.Stranger, false), (TestServer.Friend, true) })
        {
            using var client = server.Connect(from);
            client.Ask("EHLO c.test");
            client.Send("MAIL FROM:<s@f.test>\r\n" + (reply[2] == '2' ? line : ""));
            var before = client.Replies.Count;
            for (var i = 0; i < 20; i++) client.Send(string.Concat(Enumerable.Repeat(line, 100)));
            Assert.Equal(isTrusted ? 2000 : 999, client.Replies.Skip(before).Count(one => one.StartsWith(reply, StringComparison.Ordinal)));
            Assert.Equal(!isTrusted, client.IsClosed);
            if (!isTrusted) Assert.StartsWith("421 4.7.0 ", client.LastReply, StringComparison.Ordinal);
        }

        server.DemandService();
    }

    [Fact]
    public void AcceptedMessage_ForgivesWhatWasPutOff()
    {
        using var server = new TestServer(head => head with { Recipients = 1 });
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        for (var i = 0; i < 3; i++)
        {
            client.Send("MAIL FROM:<s@f.test>\r\n" + string.Concat(Enumerable.Repeat("RCPT TO:<u@a.test>\r\n", 700)) + "BDAT 3 LAST\r\nx\r\n");
            Assert.Equal(250, client.LastCode);
        }

        Assert.Equal(3, server.Queue.Committed.Count);
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
        Assert.Equal((0, 0), (server.Queue.Open, server.Server.Queue.OpenCount));
        server.DemandService();
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
