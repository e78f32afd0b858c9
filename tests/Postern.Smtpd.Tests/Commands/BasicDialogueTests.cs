using Postern.Ipc.Slices;
using Postern.Mail;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Commands;

public class BasicDialogueTests
{
    [Fact]
    public void Message_IsStoredByteForByteBelowOneTraceLine()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        Assert.Equal("220 mx.a.test ESMTP Postern", client.LastReply);
        Assert.StartsWith("250-mx.a.test\n", client.Ask("EHLO c.test"), StringComparison.Ordinal);
        Assert.StartsWith("250 2.1.0", client.Ask("MAIL FROM:<s@f.test> SIZE=100 BODY=8BITMIME RET=HDRS ENVID=e1"), StringComparison.Ordinal);
        Assert.StartsWith("250 2.1.5", client.Ask("RCPT TO:<u@a.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;x@a.test"), StringComparison.Ordinal);
        Assert.StartsWith("354 ", client.Ask("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("250 2.0.0", client.Exchange("Subject: t\r\n\r\n..b\xe9\r\n.\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("221 2.0.0", client.Ask("QUIT"), StringComparison.Ordinal);
        Assert.True(client.IsClosed);

        var message = Assert.Single(server.Queue.Committed);
        Assert.Equal("Subject: t\r\n\r\n.b\xe9\r\n", message.Content);
        Assert.Equal("s@f.test", message.Sender);
        Assert.Equal(["u@a.test"], message.Recipients);
        Assert.Equal([NotifyOn.Success | NotifyOn.Delay], message.Notifies);
        Assert.Equal(["rfc822;x@a.test"], message.Originals);
        Assert.Equal("e1", message.EnvelopeId);
        Assert.Equal(ReturnContent.Headers, message.Return);
        Assert.Equal(BodyType.EightBitMime, message.Body);
        Assert.Equal(MailProtocol.Esmtp, message.Protocol);
        Assert.Equal(TestServer.Stranger, message.Client.ToString());
        Assert.Equal("Received: from c.test ([192.0.2.7])\r\n\tby mx.a.test with ESMTP\r\n\tid 0000000000001\r\n\tfor <u@a.test>; Sun, 01 Mar 2026 12:00:00 +0000\r\n", message.Trace);
        Assert.Single(message.Pieces);
        server.DemandService();
    }

    [Fact]
    public void PipelinedGroup_IsAnsweredInOrder()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Send("MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\nRCPT TO:<nobody@a.test>\r\nRCPT TO:<v@a.test>\r\nDATA\r\n");
        Assert.Equal(["250", "250", "550", "250", "354"], client.Replies.Skip(2).Select(reply => reply[..3]));
        client.Send("x\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<v@a.test>\r\nDATA\r\n");
        Assert.Equal(["250", "250", "250", "354"], client.Replies.Skip(7).Select(reply => reply[..3]));
        client.Send("y\r\n.\r\nQUIT\r\n");
        Assert.Equal(["250", "221"], client.Replies.Skip(11).Select(reply => reply[..3]));
        Assert.Equal(["x\r\n", "y\r\n"], server.Queue.Committed.Select(message => message.Content));
        Assert.Equal(["u@a.test", "v@a.test"], server.Queue.Committed[0].Recipients);
    }

    [Fact]
    public void Chunks_AreJoined()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Send("MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\nBDAT 3\r\n.\r\nBDAT 0\r\nBDAT 5 LAST\r\n.\r\nx\nNOOP\r\n");
        Assert.Equal(["250", "250", "250", "250", "554"], client.Replies.Skip(2).Select(reply => reply[..3]));
        Assert.Empty(server.Queue.Committed);

        using var second = server.Connect();
        second.Ask("EHLO c.test");
        second.Send("MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\nBDAT 3\r\n.\r\nBDAT 0\r\nBDAT 3 LAST\r\n.\r\nNOOP\r\n");
        Assert.Equal(["250", "250", "250", "250", "250", "250"], second.Replies.Skip(2).Select(reply => reply[..3]));
        Assert.Equal(".\r\n.\r\n", Assert.Single(server.Queue.Committed).Content);
    }

    [Fact]
    public void Lmtp_AnswersForEachRecipient()
    {
        using var server = new TestServer();
        using var client = server.Connect(TestServer.Friend, ServiceKind.Lmtp);
        Assert.StartsWith("500 ", client.Ask("EHLO c.test"), StringComparison.Ordinal);
        Assert.StartsWith("250-", client.Ask("LHLO c.test"), StringComparison.Ordinal);
        client.Ask("MAIL FROM:<s@f.test>");
        client.Ask("RCPT TO:<u@a.test>");
        Assert.StartsWith("550 5.7.1", client.Ask("RCPT TO:<x@f.test>"), StringComparison.Ordinal);
        client.Ask("RCPT TO:<v@a.test>");
        client.Ask("DATA");
        client.Exchange("x\r\n.\r\n");
        Assert.Equal(["354", "250", "250"], client.Replies.TakeLast(3).Select(reply => reply[..3]));
        Assert.Equal(MailProtocol.Lmtp, Assert.Single(server.Queue.Committed).Protocol);
    }
}
