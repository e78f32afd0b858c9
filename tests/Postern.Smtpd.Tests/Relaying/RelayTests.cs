using Postern.Ipc.Slices;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Relaying;

/// <summary>SECURITY group E, E1 to E26: a stranger gets no mail through to another domain, however he writes the address.</summary>
public class RelayTests
{
    private static readonly string[] Senders =
    [
        "<>", "<spamtest@localhost>", "<spamtest>", "<spamtest@[127.0.0.1]>", "<u@a.test>", "<postmaster@[192.0.2.1]>", "<spamtest@mx.a.test>",
    ];

    public static TheoryData<string> ForeignRecipients =>
    [
        "<x@f.test>",                       // E1
        "x@f.test",                         // E2
        "<\"x@f.test\">",                   // E3
        "<x%f.test@a.test>",                // E4
        "<x%f.test@[127.0.0.1]>",           // E5
        "<\"x%f.test\"@a.test>",            // E6
        "<\"x@f.test\"@a.test>",            // E7
        "<x@f.test@a.test>",                // E8
        "<@a.test:x@f.test>",               // E9
        "<@a.test,@b.test:x@f.test>",       // E10
        "<f.test!x>",                       // E11
        "<f.test!x@a.test>",                // E12
        "<a.test!f.test!x>",                // E13
        "<x@f.test@[192.0.2.1]>",           // E14
        "<x@[192.0.2.1]>",                  // E15
        "<x@f.test.>",                      // E16
        "<x%f.test>",                       // E17
        "<x@a.test@f.test>",                // E18
        "<x@f.test(a.test)>",               // E20
        "<u@\xef\xbd\x81.test>",            // E21: fullwidth a
        "<u@a\xe3\x80\x82test>",            // E21: ideographic full stop
        "<x@xn--f-test>",                   // E23
        "<x@[IPv6:::1]>",                   // E24
        "<x@[IPv6:::ffff:127.0.0.1]>",
        "<x@[0177.0.0.1]>",
        "<x@[2130706433]>",
        "<x@[0x7f.1]>",
        "<x@127.0.0.1>",
        "<x@#2130706433>",
    ];

    [Theory]
    [MemberData(nameof(ForeignRecipients))]
    public void ForeignRecipientFromAStranger_IsRefused(string recipient)
    {
        using var server = new TestServer();
        foreach (var sender in Senders)
        {
            using var client = server.Connect();
            client.Ask("EHLO c.test");
            client.Ask($"MAIL FROM:{sender}");
            if (client.LastCode != 250) client.Ask("MAIL FROM:<s@f.test>");
            client.Ask($"RCPT TO:{recipient}");
            Assert.True(client.LastCode is 550 or 551 or 553 or 501, $"{sender} {recipient}: {client.LastReply}");
            Assert.InRange(int.Parse(client.Ask("DATA")[..3]), 503, 554);
        }

        Assert.Equal(0, server.Queue.Opened);
        server.DemandService();
    }

    [Fact]
    public void NulInAnAddress_EndsTheSession()
    {
        // E19.
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<>");
        Assert.StartsWith("500 ", client.Ask("RCPT TO:<x@a.test\0.f.test>"), StringComparison.Ordinal);
        Assert.True(client.IsClosed);
    }

    [Theory]
    [InlineData("<u@a.test>", "u@a.test")]
    // E22, E33: domains in any case; E26: postmaster of ours without a domain, in any case.
    [InlineData("<u@A.TEST>", "u@a.test")]
    [InlineData("<U@a.test>", "U@a.test")]
    [InlineData("<postmaster>", "postmaster@mx.a.test")]
    [InlineData("<POSTMASTER>", "postmaster@mx.a.test")]
    [InlineData("<PostMaster@a.test>", "PostMaster@a.test")]
    // E2: brackets that are left out change no meaning; E27: quotes that change nothing.
    [InlineData("u@a.test", "u@a.test")]
    [InlineData(" <u@a.test>", "u@a.test")]
    [InlineData("<\"u\"@a.test>", "u@a.test")]
    [InlineData("<\"\\u\"@a.test>", "u@a.test")]
    public void OwnRecipient_IsTakenFromAnybody(string recipient, string stored)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<s@f.test>");
        Assert.StartsWith("250 2.1.5", client.Ask($"RCPT TO:{recipient}"), StringComparison.Ordinal);
        client.Ask("DATA");
        client.Send("x\r\n.\r\n");
        Assert.Equal([stored], Assert.Single(server.Queue.Committed).Recipients);
    }

    [Fact]
    public void TrustedClient_MayRelay()
    {
        using var server = new TestServer();
        using var client = server.Connect(TestServer.Friend);
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<u@a.test>");
        Assert.StartsWith("250 ", client.Ask("RCPT TO:<x@f.test>"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", client.Ask("RCPT TO:<u@a.test>"), StringComparison.Ordinal);
        Assert.StartsWith("550 5.1.1", client.Ask("RCPT TO:<nobody@a.test>"), StringComparison.Ordinal);
        client.Ask("DATA");
        client.Send("x\r\n.\r\n");
        Assert.Equal(["x@f.test", "u@a.test"], Assert.Single(server.Queue.Committed).Recipients);
    }

    [Fact]
    public void TrustedClientOverLmtp_MayNotRelay()
    {
        using var server = new TestServer();
        using var client = server.Connect(TestServer.Friend, ServiceKind.Lmtp);
        client.Ask("LHLO c.test");
        client.Ask("MAIL FROM:<u@a.test>");
        Assert.StartsWith("550 5.7.1", client.Ask("RCPT TO:<x@f.test>"), StringComparison.Ordinal);
    }

    [Fact]
    public void SubmissionByAStranger_IsRefusedAtMail()
    {
        // RFC 6409 §4.3: submission is for those who are known.
        using var server = new TestServer();
        using var stranger = server.Connect(service: ServiceKind.Submission);
        stranger.Ask("EHLO c.test");
        Assert.StartsWith("530 5.7.0", stranger.Ask("MAIL FROM:<u@a.test>"), StringComparison.Ordinal);
        using var friend = server.Connect(TestServer.Friend, ServiceKind.Submission);
        friend.Ask("EHLO c.test");
        Assert.StartsWith("250 ", friend.Ask("MAIL FROM:<u@a.test>"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", friend.Ask("RCPT TO:<x@f.test>"), StringComparison.Ordinal);
    }

    [Fact]
    public void TrustOverIPv6_IsNotThatOverIPv4()
    {
        using var server = new TestServer();
        using var client = server.Connect("::a01:203");
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<u@a.test>");
        Assert.StartsWith("550 5.7.1", client.Ask("RCPT TO:<x@f.test>"), StringComparison.Ordinal);
        // What a dual-stack socket shows of an IPv4 client is that client.
        using var mapped = server.Connect("::ffff:10.1.2.3");
        mapped.Ask("EHLO c.test");
        mapped.Ask("MAIL FROM:<u@a.test>");
        Assert.StartsWith("250 ", mapped.Ask("RCPT TO:<x@f.test>"), StringComparison.Ordinal);
    }
}
