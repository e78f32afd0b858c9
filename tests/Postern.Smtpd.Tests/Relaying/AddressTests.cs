using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Relaying;

/// <summary>SECURITY E27 to E35: addresses that are hostile, odd or too long.</summary>
public class AddressTests
{
    private static readonly string Local64 = new('l', 64);
    private static readonly string Label63 = new('d', 63);

    public static TheoryData<string, int> Recipients => new()
    {
        // E27: quoted local parts are names like others, unless empty.
        { "<\"a b\"@a.test>", 550 },
        { "<\"a\\\"b\"@a.test>", 550 },
        { "<\"a\\\\b\"@a.test>", 550 },
        { "<\"..\"@a.test>", 550 },
        { "<\"\"@a.test>", 501 },
        // E28: lengths.
        { $"<{Local64}@a.test>", 550 },
        { $"<{Local64}l@a.test>", 501 },
        { $"<u@{Label63}.test>", 550 },
        { $"<u@{Label63}d.test>", 501 },
        // E29: nothing is ever run; what the grammar allows is a name that nobody has.
        { "<|\"exec sh\"@a.test>", 501 },
        { "<${run{\\x2Fbin\\x2Fsh\\t-c\\t\"id\"}}@a.test>", 501 },
        { "<$(id)@a.test>", 501 },
        { "<`id`@a.test>", 550 },
        { "<() { :;};id@a.test>", 501 },
        { "<--@a.test>", 550 },
        { "<%n%s@a.test>", 550 },
        { "</dev/null@a.test>", 550 },
        { "<;sleep 66;>", 501 },
        // E30: a part that is missing.
        { "<u@>", 501 },
        { "<@a.test>", 501 },
        { "<@>", 501 },
        { "<>", 501 },
        { "<u>", 501 },
        { "<u@a..test>", 501 },
        { "<u@.test>", 501 },
        { "<.u@a.test>", 501 },
        { "<u.@a.test>", 501 },
        { "<u..v@a.test>", 501 },
        // E31: control bytes inside quotes.
        { "<\"a\tb\"@a.test>", 501 },
        { "<u@a.test>\t", 250 },
        // E34: extensions are the directory's to read, if they are atoms.
        { "<u+../../x@a.test>", 501 },
        { "<u++x@a.test>", 550 },
        { "<u+@a.test>", 550 },
    };

    [Theory]
    [MemberData(nameof(Recipients))]
    public void Recipient_IsJudged(string recipient, int code)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<s@f.test>");
        client.Ask($"RCPT TO:{recipient}");
        Assert.Equal(code, client.LastCode);
        if (code == 501) Assert.Empty(server.Directory.Asked);
        server.DemandService();
    }

    [Theory]
    // E29, E30: the sender that once ran a shell elsewhere has no domain, or spaces, and is no path.
    [InlineData("<;sleep 66;>", false)]
    [InlineData("<;for i in 0 1 2 3;do read r;done;sh;exit 0;@f.test>", false)]
    [InlineData("<|/bin/sh@f.test>", true)]
    [InlineData("<-oQ/tmp@f.test>", true)]
    [InlineData("<pepe>", false)]
    [InlineData("<s@xn--->", false)]
    [InlineData("<\"a b\"@f.test>", true)]
    [InlineData("<\"a\tb\"@f.test>", false)]
    [InlineData("<s@[192.0.2.1]>", true)]
    [InlineData("<s@[IPv6:2001:db8::1]>", true)]
    [InlineData("<@a.test:s@f.test>", false)]
    [InlineData("<>", true)]
    [InlineData(" <s@f.test>", true)]
    public void Sender_IsJudged(string sender, bool isTaken)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask($"MAIL FROM:{sender}");
        Assert.True(isTaken ? client.LastCode == 250 : client.LastCode is 501 or 553, client.LastReply);
        server.DemandService();
    }

    [Fact]
    public void LineEndInsideQuotes_EndsTheLine()
    {
        // E31: CRLF ends a command wherever it stands; what follows is the next one.
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Send("MAIL FROM:<\"a\r\nBcc: x\"@f.test>\r\n");
        Assert.Equal(["501", "500"], client.Replies.Skip(2).Select(reply => reply[..3]));
    }

    [Theory]
    // E35: no UTF-8, or characters that no address should have.
    [InlineData("\xc0\xaf")]
    [InlineData("\xed\xa0\x80")]
    [InlineData("\xf8\x88\x80\x80\x80")]
    [InlineData("\xe2\x80\xae" + "u")]
    [InlineData("henry\xe2\x85\xa3")]
    public void BadCharactersWithSmtputf8_AreRefused(string local)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<s@f.test> SMTPUTF8");
        client.Ask($"RCPT TO:<{local}@a.test>");
        Assert.True(client.LastCode is 501 or 550 or 553, client.LastReply);
        Assert.Empty(server.Directory.Asked);
        server.DemandService();
    }

    [Fact]
    public void SameRecipientTwice_IsHandedInTwice()
    {
        // E32: what is one mailbox is the directory's knowledge, not ours.
        using var server = new TestServer();
        using var client = server.Connect();
        client.BeginData("s@f.test", "u@a.test", "u@a.test").Send("x\r\n.\r\n");
        Assert.Equal(["u@a.test", "u@a.test"], Assert.Single(server.Queue.Committed).Recipients);
    }

    [Fact]
    public void ThousandRecipients_AreTakenAndNoMore()
    {
        // E32, RFC 5321 §4.5.3.1.10.
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<s@f.test>");
        client.Send(string.Concat(Enumerable.Repeat("RCPT TO:<u@a.test>\r\n", 1001)));
        Assert.Equal(1000, client.Replies.Count(reply => reply.StartsWith("250 2.1.5", StringComparison.Ordinal)));
        Assert.StartsWith("452 4.5.3", client.LastReply, StringComparison.Ordinal);
        client.Ask("DATA");
        client.Send("x\r\n.\r\n");
        Assert.Equal(1000, Assert.Single(server.Queue.Committed).Recipients.Count);
        Assert.DoesNotContain("for <", server.Queue.Committed[0].Trace, StringComparison.Ordinal);
    }
}
