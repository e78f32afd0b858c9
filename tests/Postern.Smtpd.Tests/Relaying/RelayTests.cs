using Postern.Ipc.Slices;
using Postern.Smtpd.Tests.Harness;
using Postern.TestKit.Attacks;

namespace Postern.Smtpd.Tests.Relaying;

/// <summary>Attacks E1 to E26: a stranger gets no mail through to another domain, however he writes the address.</summary>
public class RelayTests
{
    /// <summary>Senders that make some servers trust the client, and the reply to each.</summary>
    private static readonly (string Path, int Code)[] Senders =
    [
        ("<>", 250), ("<spamtest@localhost>", 250), ("<spamtest>", 501), ("<spamtest@[127.0.0.1]>", 250), ("<u@a.test>", 250),
        ("<postmaster@[192.0.2.1]>", 250), ("<spamtest@mx.a.test>", 250),
    ];

    /// <summary>Recipients, and the beginning of the reply to each.</summary>
    public static TheoryData<string, string, string> ForeignRecipients => [.. AddressAttacks.Foreign.Select(row => (row.Id, row.Path, row.Reply))];

    [Theory]
    [MemberData(nameof(ForeignRecipients))]
    public void ForeignRecipientFromAStranger_IsRefused(string number, string recipient, string reply)
    {
        Assert.Matches("^E[0-9]+$", number);
        using var server = new TestServer();
        // A refused recipient leaves "no valid recipients"; one that is no address leaves nothing.
        var none = reply.StartsWith("550", StringComparison.Ordinal) ? "554" : "503";
        foreach (var (sender, code) in Senders)
        {
            var mail = code == 250 ? new[] { $"MAIL FROM:{sender}" } : [$"MAIL FROM:{sender}", "MAIL FROM:<s@f.test>"];
            foreach (var hello in new[] { "EHLO c.test", "HELO c.test" })
            {
                foreach (var way in Ways.OfLines([hello, .. mail, $"RCPT TO:{recipient}", "BDAT 6 LAST", "QUIT", "DATA"]))
                {
                    using var client = server.Connect();
                    foreach (var piece in way) client.Send(piece);
                    var replies = client.Replies.Skip(2).ToArray();
                    Assert.Equal(code, int.Parse(replies[0][..3]));
                    Assert.StartsWith(reply, replies[mail.Length], StringComparison.Ordinal);
                    Assert.Equal([none, none], replies[(mail.Length + 1)..].Select(last => last[..3]));
                    Assert.StartsWith("250 ", client.Ask("NOOP"), StringComparison.Ordinal);
                }
            }
        }

        Assert.Equal(0, server.Queue.Opened);
        server.DemandService();
    }

    [Theory]
    [MemberData(nameof(ForeignRecipients))]
    public void ForeignRecipientBesideOneOfOurs_GetsNothing(string number, string recipient, string reply)
    {
        Assert.Matches("^E[0-9]+$", number);
        using var server = new TestServer();
        foreach (var way in Ways.OfLines(["EHLO c.test", "MAIL FROM:<u@a.test>", $"RCPT TO:{recipient}", "RCPT TO:<u@a.test>", $"RCPT TO:{recipient}", "DATA"]))
        {
            server.Queue.Committed.Clear();
            using var client = server.Connect();
            foreach (var piece in way) client.Send(piece);
            Assert.StartsWith(reply, client.Replies[3], StringComparison.Ordinal);
            Assert.StartsWith(reply, client.Replies[5], StringComparison.Ordinal);
            Assert.Equal(354, client.LastCode);
            client.Send("To: x@f.test\r\n\r\nx\r\n.\r\n");
            Assert.Equal(["u@a.test"], Assert.Single(server.Queue.Committed).Recipients);
        }

        server.DemandService();
    }

    [Fact]
    public void NulInAnAddress_EndsTheSession()
    {
        // E19.
        using var server = new TestServer();
        foreach (var way in Ways.EverySplitOf("MAIL FROM:<>\r\nRCPT TO:<x@a.test\0.f.test>\r\nRCPT TO:<u@a.test>\r\nDATA\r\n"))
        {
            using var client = server.Connect();
            client.Ask("EHLO c.test");
            foreach (var piece in way) client.Send(piece);
            Assert.Equal("250 500", string.Join(' ', client.Replies.Skip(2).Select(reply => reply[..3])));
            Assert.True(client.IsClosed);
        }

        Assert.Empty(server.Directory.Asked);
        server.DemandService();
    }

    [Theory]
    // E23: the two ways to write a domain in another script are one domain, and in any case.
    [InlineData("<u@xn--bcher-kva.test>", "", "250 2.1.5")]
    [InlineData("<u@XN--BCHER-KVA.test>", "", "250 2.1.5")]
    [InlineData("<u@b\xc3\xbc" + "cher.test>", " SMTPUTF8", "250 2.1.5")]
    [InlineData("<u@B\xc3\xbc" + "CHER.TEST>", " SMTPUTF8", "250 2.1.5")]
    // E21, E33: what only looks like it is not: a capital beyond ASCII, u and dots above, Kelvin for k, other stops.
    [InlineData("<u@B\xc3\x9c" + "CHER.test>", " SMTPUTF8", "501 5.1.3")]
    [InlineData("<u@bu\xcc\x88" + "cher.test>", " SMTPUTF8", "553 5.6.7")]
    [InlineData("<u@xn--bcher-\xe2\x84\xaa" + "va.test>", " SMTPUTF8", "553 5.6.7")]
    [InlineData("<u@xn--bcher-kva\xe3\x80\x82test>", " SMTPUTF8", "553 5.6.7")]
    [InlineData("<u@b\xc3\xbc" + "cher\xef\xbc\x8etest>", " SMTPUTF8", "553 5.6.7")]
    [InlineData("<u@b\xc3\xbc" + "cher.test>", "", "553 5.6.7")]
    // The same encoding of another name.
    [InlineData("<u@xn--bcher-kvb.test>", "", "550 5.7.1")]
    public void DomainInAnotherScript_IsOursInBothItsForms(string recipient, string parameter, string reply)
    {
        using var server = new TestServer(domain: "xn--bcher-kva.test");
        foreach (var way in Ways.OfLines(["EHLO c.test", "MAIL FROM:<s@f.test>" + parameter, $"RCPT TO:{recipient}"]))
        {
            using var client = server.Connect();
            foreach (var piece in way) client.Send(piece);
            Assert.StartsWith(reply, client.LastReply, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("<u@a.test>", "u@a.test")]
    // E22, E33: domains in any case; E26: postmaster of ours without a domain, in any case.
    [InlineData("<u@A.TEST>", "u@a.test")]
    [InlineData("<U@a.test>", "U@a.test")]
    [InlineData("<postmaster>", "postmaster@mx.a.test")]
    [InlineData("<POSTMASTER>", "postmaster@mx.a.test")]
    [InlineData("<PostMaster>", "postmaster@mx.a.test")]
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
        server.DemandService();
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

    [Theory]
    // E36: a literal names a host itself. Ours has a postmaster; mail is sent on to domains only, or whoever may relay here could
    // reach any service of our network.
    [InlineData("<x@[198.51.100.7]>")]
    [InlineData("<postmaster@[198.51.100.7]>")]
    [InlineData("<postmaster@[IPv6:2001:db8::1]>")]
    [InlineData("<x@[127.0.0.1]>")]
    public void LiteralThatIsNotOurs_IsRefusedToATrustedClientToo(string recipient)
    {
        using var server = new TestServer();
        using var client = server.Connect(TestServer.Friend);
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<u@a.test>");
        Assert.StartsWith("550 5.1.2 ", client.Ask($"RCPT TO:{recipient}"), StringComparison.Ordinal);
        Assert.StartsWith("554 5.5.1", client.Ask("DATA"), StringComparison.Ordinal);
        Assert.Equal(0, server.Queue.Opened);
        server.DemandService();
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
