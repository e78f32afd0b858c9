using Postern.Smtpd.Tests.Harness;
using Postern.TestKit.Attacks;

namespace Postern.Smtpd.Tests.Relaying;

/// <summary>Attacks E27 to E35: addresses that are hostile, odd or too long.</summary>
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
        // A path of 256 bytes with its brackets, one of 257, and a domain that is too long by itself.
        { $"<u@{Label63}.{Label63}.{Label63}.{new string('d', 55)}.test>", 550 },
        { $"<u@{Label63}.{Label63}.{Label63}.{new string('d', 56)}.test>", 501 },
        { $"<u@{Label63}.{Label63}.{Label63}.{Label63}>", 501 },
        { $"<u@{Label63}.{Label63}.{Label63}.{Label63}.t>", 501 },
        { $"<\"{Local64}\"@a.test>", 501 },
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
        { "<;for i in 0 1 2 3;do read r;done;sh;exit 0;@a.test>", 501 },
        { "<|/bin/sh@a.test>", 550 },
        { "<-oQ/tmp@a.test>", 550 },
        { "<${run{id}}@a.test>", 550 },
        { "<\"$(id)\"@a.test>", 550 },
        { "<\"|exec sh\"@a.test>", 550 },
        { "<../../etc/passwd@a.test>", 501 },
        { "<\"../../etc/passwd\"@a.test>", 550 },
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
        { "<\"a\x7f\"@a.test>", 501 },
        { "<\"a\x1b[31m\"@a.test>", 501 },
        { "<u@a.test>\t", 250 },
        // E34: extensions are the directory's to read, if they are atoms.
        { "<u+../../x@a.test>", 501 },
        { "<u++x@a.test>", 550 },
        { "<u+@a.test>", 550 },
        { "<u-ext@a.test>", 550 },
        { "<\"u+../../x\"@a.test>", 550 },
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
        Assert.Equal(code == 501 ? 0 : 1, server.Directory.Asked.Count);
        AttackRun.Play(SessionAttack.OfLines(recipient, ["EHLO c.test", "MAIL FROM:<s@f.test>", $"RCPT TO:{recipient}"], "250", "250", $"{code}"));
    }

    [Theory]
    // E29, E30: the sender that once ran a shell elsewhere has no domain, or spaces, and is no path.
    [InlineData("<;sleep 66;>", false)]
    [InlineData("<;for i in 0 1 2 3;do read r;done;sh;exit 0;@f.test>", false)]
    [InlineData("<|/bin/sh@f.test>", true)]
    [InlineData("<-oQ/tmp@f.test>", true)]
    [InlineData("<pepe>", false)]
    [InlineData("<s@xn--->", false)]
    [InlineData("<s@>", false)]
    [InlineData("<@f.test>", false)]
    [InlineData("<@>", false)]
    [InlineData("<s@f..test>", false)]
    [InlineData("<s@.test>", false)]
    [InlineData("<.s@f.test>", false)]
    [InlineData("<s.@f.test>", false)]
    [InlineData("<s..t@f.test>", false)]
    [InlineData("<\"\"@f.test>", false)]
    [InlineData("<${run{\\x2Fbin\\x2Fsh}}@f.test>", false)]
    [InlineData("<() { :;};id@f.test>", false)]
    [InlineData("<`id`@f.test>", true)]
    [InlineData("<\"a b\"@f.test>", true)]
    [InlineData("<\"a\tb\"@f.test>", false)]
    [InlineData("<s@[192.0.2.1]>", true)]
    [InlineData("<s@[IPv6:2001:db8::1]>", true)]
    [InlineData("<@a.test:s@f.test>", false)]
    [InlineData("<>", true)]
    [InlineData(" <s@f.test>", true)]
    public void Sender_IsJudged(string sender, bool isTaken)
    {
        var refusal = sender.StartsWith("<@a.test:", StringComparison.Ordinal) ? "553" : "501";
        string[] lines = ["EHLO c.test", $"MAIL FROM:{sender}", "RCPT TO:<u@a.test>"];
        AttackRun.Play(SessionAttack.OfLines(sender, lines, "250", isTaken ? "250" : refusal, isTaken ? "250" : "503"));
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
        client.Send("MAIL FROM:<s@f.test>\r\nRCPT TO:<\"a\r\nRSET\r\nx\"@a.test>\r\n");
        Assert.Equal(["250", "501", "250", "500"], client.Replies.Skip(4).Select(reply => reply[..3]));
        Assert.Empty(server.Directory.Asked);
        server.DemandService();
    }

    [Fact]
    public void AddressOfAMegabyte_IsAnOverlongLine()
    {
        // E28: it ends at the limit on lines, and with it the patience.
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Send("MAIL FROM:<s@f.test>\r\nRCPT TO:<" + new string('a', 1_000_000) + "@a.test>\r\nNOOP\r\n");
        Assert.Equal(["250", "500"], client.Replies.Skip(2).Select(reply => reply[..3]));
        Assert.True(client.IsClosed);
        server.DemandService();
    }

    [Theory]
    // E35: no UTF-8: a lone continuation, overlong forms, surrogates, beyond the last code point.
    [InlineData("\xbf", "553 5.6.7")]
    [InlineData("\xc0\xaf", "553 5.6.7")]
    [InlineData("\xc1\xb5", "553 5.6.7")]
    [InlineData("\xe0\x80\xaf", "553 5.6.7")]
    [InlineData("\xed\xa0\x80", "553 5.6.7")]
    [InlineData("\xf4\x90\x80\x80", "553 5.6.7")]
    [InlineData("\xf8\x88\x80\x80\x80", "553 5.6.7")]
    [InlineData("u\xc3", "553 5.6.7")]
    // Characters that no address should have: one that turns the direction, one that is a number's look, one with two spellings.
    [InlineData("\xe2\x80\xae" + "u", "553 5.6.7")]
    [InlineData("henry\xe2\x85\xa3", "553 5.6.7")]
    [InlineData("u\xcc\x88", "553 5.6.7")]
    [InlineData("\xe2\x80\x8b" + "u", "553 5.6.7")]
    [InlineData("\xef\xbd\x95", "553 5.6.7")]
    // E33: the Kelvin sign is no k, the dotless i no i, the long s no s.
    [InlineData("\xe2\x84\xaa", "553 5.6.7")]
    [InlineData("\xc4\xb1", "550 5.1.1")]
    [InlineData("\xc5\xbf", "553 5.6.7")]
    // A name like others.
    [InlineData("\xc3\xbc", "550 5.1.1")]
    public void CharactersWithSmtputf8_AreJudged(string local, string reply)
    {
        using var server = new TestServer();
        foreach (var name in new[] { "k", "i", "s", "henryIV" }) server.Directory.Users.Add(name);
        foreach (var way in Ways.OfLines(["EHLO c.test", "MAIL FROM:<s@f.test> SMTPUTF8", $"RCPT TO:<{local}@a.test>", $"RCPT TO:<\"{local}\"@a.test>", "DATA"]))
        {
            using var client = server.Connect();
            foreach (var piece in way) client.Send(piece);
            Assert.StartsWith(reply, client.Replies[3], StringComparison.Ordinal);
            Assert.StartsWith(reply, client.Replies[4], StringComparison.Ordinal);
            Assert.Equal(reply[..3] == "550" ? 554 : 503, client.LastCode);
        }

        Assert.Equal(reply[..3] == "550" ? 4 : 0, server.Directory.Asked.Count);
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
        server.DemandService();
    }

    [Fact]
    public void RecipientsWithLongOrcpt_AreTakenAsFarAsOneRecordHoldsThem()
    {
        // What the queue would take for an attack is refused here: the client comes again with the rest.
        using var server = new TestServer(settings => settings with { Recipients = 10_000 });
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<s@f.test>");
        var longest = new string('o', 480);
        for (var group = 0; group < 25 && !client.LastReply.StartsWith("452", StringComparison.Ordinal); group++)
        {
            client.Send(string.Concat(Enumerable.Repeat($"RCPT TO:<u@a.test> ORCPT=rfc822;{longest}\r\n", 100)));
        }

        Assert.StartsWith("452 4.5.3", client.LastReply, StringComparison.Ordinal);
        client.Ask("DATA");
        client.Send("x\r\n.\r\n");
        var recipients = Assert.Single(server.Queue.Committed).Recipients;
        Assert.InRange(recipients.Count, 1600, 900 * 1024 / 480);
    }
}
