using System.Text;
using Postern.TestKit.Clients;
using Postern.TestKit.Peers;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Relaying;

/// <summary>Real servers take what Postern sends, and it takes what they send.</summary>
public sealed class RelayTests
{
    private readonly string _mark = Samples.Mark();

    [Fact]
    public void MessagesThroughPostfixAndBack_ArriveUnaltered()
    {
        var port = LoopbackPort.Free();
        using var server = PosternServer.Start(new PosternConfiguration { Routes = $"\"relay.example\" = \"127.0.0.1:{port}\"" });
        using var postfix = new PostfixPeer(port, server.Port,
            "bob@relay.example bob@example.org\none@relay.example bob+one@example.org\ntwo@relay.example bob+two@example.org");

        var plain = Samples.Message(_mark);
        var difficult = Samples.DifficultMessage(_mark + "-2");
        using (var client = Requesting(server.Port))
        {
            client.SendByData("alice@example.org", ["bob@relay.example"], plain).Must(2);
            client.SendByData("alice@example.org", ["one@relay.example", "two@relay.example"], difficult).Must(2);
        }

        var mailbox = server.Mailbox("bob");
        mailbox.Await(3);
        mailbox.Await(_mark + "\n").MustBe(plain);
        foreach (var recipient in new[] { "bob+one", "bob+two" })
        {
            var arrived = Assert.Single(mailbox.Messages, one => one.Contains($"Delivered-To: {recipient}@example.org\n"));
            arrived.MustBe(difficult);
            Assert.True(arrived.Contains("by postfix.example (Postfix)"), arrived.Text[..2000]);
        }

        AwaitReports(server, "bob@relay.example", "one@relay.example", "two@relay.example");
        Assert.Equal(3, mailbox.Count);
        Assert.Equal(0, server.Stop());
    }

    [Fact]
    public void Exim_TakesWhatPosternSends()
    {
        using var exim = new EximPeer();
        using var server = PosternServer.Start(new PosternConfiguration { Routes = $"\"relay.example\" = \"127.0.0.1:{exim.Port}\"" });
        var plain = Samples.Message(_mark);
        var difficult = Samples.DifficultMessage(_mark + "-2");
        using (var client = Requesting(server.Port))
        {
            client.SendByData("alice@example.org", ["somebody@relay.example"], plain).Must(2);
            client.SendByData("alice@example.org", ["one@relay.example", "two@relay.example"], difficult).Must(2);
        }

        exim.Mailbox.Await(3);
        MustEndWith(exim.Mailbox.Await("Envelope-to: somebody@relay.example\n"), plain);
        MustEndWith(exim.Mailbox.Await("Envelope-to: one@relay.example\n"), difficult);
        MustEndWith(exim.Mailbox.Await("Envelope-to: two@relay.example\n"), difficult);
        Assert.Equal(0, server.Stop());
    }

    [Fact]
    public void Dovecot_GetsMailByLmtpAndItsRefusalIsReported()
    {
        using var dovecot = DovecotPeer.ForMail("ann", "ben");
        using var server = PosternServer.Start(new PosternConfiguration { Routes = $"\"box.example\" = \"lmtp:{dovecot.Socket}\"" });
        var sent = Samples.DifficultMessage(_mark, longLines: 100);
        using (var client = PlainSmtpClient.Greeted(server.Port))
        {
            client.SendByData("alice@example.org", ["ann@box.example", "nobody@box.example", "ben@box.example"], sent).Must(2);
        }

        foreach (var user in new[] { "ann", "ben" })
        {
            MustEndWith(dovecot.Mailbox(user).Await(_mark), sent);
        }

        var notice = server.Mailbox("alice").Await("Action: failed");
        Assert.True(notice.Contains("\nFinal-Recipient: rfc822; nobody@box.example\n"), notice.Text);
        Assert.False(notice.Contains("ann@box.example"), notice.Text);
        Assert.Equal(0, server.Stop());
        Assert.Equal((1, 1, 1), (dovecot.Mailbox("ann").Count, dovecot.Mailbox("ben").Count, server.Mailbox("alice").Count));
    }

    /// <summary>A client that asks to be told of success (RFC 3461 §4).</summary>
    private static PlainSmtpClient Requesting(int port) => PlainSmtpClient.Greeted(new PlainSmtpClient(port)
    {
        MailParameters = " BODY=8BITMIME RET=HDRS ENVID=this+2Bthat",
        RecipientParameters = address => $" NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;{address}",
    });

    // Postfix hands the request on with the message, so what reports in the end is the server that delivers.
    private static void AwaitReports(PosternServer server, params string[] recipients)
    {
        var mailbox = server.Mailbox("alice");
        foreach (var recipient in recipients)
        {
            var report = mailbox.Await($"\nOriginal-Recipient: rfc822;{recipient}\n");
            Assert.True(report.Contains("\nOriginal-Envelope-Id: this+that\n"), report.Text);
            Assert.True(report.Contains("\nAction: delivered\n") || report.Contains("\nAction: expanded\n"), report.Text);
        }
    }

    private static void MustEndWith(DeliveredMessage arrived, byte[] sent)
    {
        var text = Encoding.Latin1.GetString(sent).Replace("\r\n", "\n", StringComparison.Ordinal);
        Assert.True(arrived.Text.EndsWith(text, StringComparison.Ordinal), arrived.Text[..Math.Min(arrived.Text.Length, 3000)]);
    }
}
