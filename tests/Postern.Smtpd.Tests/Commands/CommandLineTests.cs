using Postern.Smtpd.Tests.Harness;
using Postern.TestKit.Attacks;

namespace Postern.Smtpd.Tests.Commands;

/// <summary>Attacks A25, A26, B8 to B10, B14: what counts as a command line, and what ends the session at once.</summary>
public class CommandLineTests
{
    [Theory]
    // A25: two commands from one line is how smuggling begins.
    [InlineData("EHLO c.test\nMAIL FROM:<s@f.test>\r\n")]
    [InlineData("EHLO c.test\nMAIL FROM:<s@f.test>\nRCPT TO:<u@a.test>\nDATA\nx\n.\nQUIT\n")]
    [InlineData("NOOP\n\rRSET\r\n")]
    [InlineData("\rNOOP\r\n")]
    [InlineData("EHLO c.test\rMAIL FROM:<s@f.test>\r\n")]
    [InlineData("NOOP\n")]
    [InlineData("\n")]
    [InlineData("NOOP\r\r\n")]
    // A26: nothing is cut off at a NUL.
    [InlineData("NO\0OP\r\n")]
    [InlineData("EHLO c.test\0.evil\r\n")]
    [InlineData("MAIL FROM:<a\0b@f.test>\r\n")]
    [InlineData("NOOP\0\r\n")]
    public void BareLineEndOrNul_EndsTheSession(string line)
    {
        using var server = new TestServer();
        foreach (var way in Ways.EverySplitOf(line + "NOOP\r\nQUIT\r\n"))
        {
            using var client = server.Connect();
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(2, client.Replies.Count);
            Assert.StartsWith("500 5.5.2", client.LastReply, StringComparison.Ordinal);
            Assert.True(client.IsClosed);
        }

        Assert.Equal(0, server.Queue.Opened);
        server.DemandService();
    }

    [Theory]
    // The same in the middle of a transaction, where there would be something to gain.
    [InlineData("RCPT TO:<u@a.test>\nDATA\r\n")]
    [InlineData("RCPT TO:<u\0@a.test>\r\n")]
    [InlineData("RCPT TO:<\"\r\"@a.test>\r\n")]
    [InlineData("RSET\nMAIL FROM:<>\r\n")]
    [InlineData("BDAT 5 LAST\nhello")]
    public void BareLineEndOrNulInATransaction_EndsTheSession(string line)
    {
        using var server = new TestServer();
        foreach (var way in Ways.EverySplitOf("MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\n" + line + "NOOP\r\n"))
        {
            using var client = server.Connect();
            client.Ask("EHLO c.test");
            foreach (var piece in way) client.Send(piece);
            Assert.Equal("250 250 500", string.Join(' ', client.Replies.Skip(2).Select(reply => reply[..3])));
            Assert.True(client.IsClosed);
        }

        Assert.Equal(0, server.Queue.Opened);
        server.DemandService();
    }

    [Fact]
    public void LineOfAllowedLength_IsTaken()
    {
        // B8: 512 by the RFC, 2048 with the extensions' additions.
        using var server = new TestServer();
        using var client = server.Connect();
        Assert.StartsWith("250 ", client.Ask("NOOP " + new string('a', 505)), StringComparison.Ordinal);
        Assert.StartsWith("250 ", client.Ask("NOOP " + new string('a', 2041)), StringComparison.Ordinal);
        Assert.StartsWith("500 5.5.2", client.Ask("NOOP " + new string('a', 2042)), StringComparison.Ordinal);
        Assert.StartsWith("250 ", client.Ask("NOOP"), StringComparison.Ordinal);
        // 2049 bytes and no end yet: nothing more is awaited.
        Assert.StartsWith("500 5.5.2", client.Exchange("NOOP " + new string('a', 2044)), StringComparison.Ordinal);
        Assert.Equal("", client.Exchange("QUIT"));
        Assert.Equal("250 2.0.0 Ok", client.Exchange("\r\nNOOP\r\n"));
        server.DemandService();
    }

    [Fact]
    public void OverlongLine_IsAnsweredOnceAndItsRestNeverRuns()
    {
        using var server = new TestServer();
        foreach (var way in Ways.Of("NOOP " + new string('a', 3000) + " QUIT\r\nNOOP\r\n"))
        {
            using var client = server.Connect();
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(["220", "500", "250"], client.Replies.Select(reply => reply[..3]));
        }

        foreach (var cut in new[] { 2047, 2048, 2049, 3011, 3012, 3013 })
        {
            using var client = server.Connect();
            var bytes = "NOOP " + new string('a', 3000) + " QUIT\r\nNOOP\r\n";
            client.Send(bytes[..cut]).Send(bytes[cut..]);
            Assert.Equal(["220", "500", "250"], client.Replies.Select(reply => reply[..3]));
        }
    }

    [Fact]
    public void BareLineFeedInTheRestOfAnOverlongLine_EndsTheSession()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Send("NOOP " + new string('a', 3000) + "\nMAIL FROM:<s@f.test>\r\n");
        Assert.Equal(["220", "500"], client.Replies.Select(reply => reply[..3]));
        Assert.True(client.IsClosed);
    }

    [Fact]
    public void EndlessLine_IsCutOff()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        var piece = new string('a', 64 * 1024);
        for (var i = 0; i < 160 && !client.IsClosed; i++) client.Send(piece);
        Assert.True(client.IsClosed);
        Assert.Equal(["220", "500"], client.Replies.Select(reply => reply[..3]));
        server.DemandService();
    }

    [Theory]
    // B9: no verb of ours.
    [InlineData("WHATISTHIS")]
    [InlineData("M\xc4\xb0" + "L FROM:<s@f.test>")]
    [InlineData("")]
    [InlineData(" NOOP")]
    [InlineData("\tNOOP")]
    [InlineData("\xff\xfe")]
    [InlineData("NOOPX")]
    [InlineData("MAILFROM:<s@f.test>")]
    // The Kelvin sign is no k, the long s no s.
    [InlineData("\xe2\x84\xaa")]
    [InlineData("R\xc5\xbf" + "ET")]
    // B14: commands of long ago.
    [InlineData("TURN")]
    [InlineData("ETRN x'; DROP TABLE t--")]
    [InlineData("DEBUG")]
    [InlineData("WIZ")]
    [InlineData("KILL")]
    [InlineData("SEND FROM:<s@f.test>")]
    // LMTP's hello elsewhere than in LMTP.
    [InlineData("LHLO c.test")]
    public void UnknownVerb_Is500(string line) =>
        AttackRun.Play(SessionAttack.OfLines(line, [line, "NOOP"], "500/5.5.2", "250"));

    [Fact]
    public void CaseOfVerbs_DoesNotMatter()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        Assert.StartsWith("250-", client.Ask("eHlO c.test"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", client.Ask("mAiL fRoM:<s@f.test>"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", client.Ask("rCpT tO:<u@a.test>"), StringComparison.Ordinal);
        Assert.StartsWith("354 ", client.Ask("dAtA"), StringComparison.Ordinal);
    }

    [Theory]
    // B10: a browser, a proxy, a TLS or SSH client; whatever its later lines say, they are not mail commands.
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\nMAIL FROM:<s@f.test>\r\n")]
    [InlineData("POST /evil HTTP/1.1\r\nHost: x\r\n\r\nNOOP\r\n")]
    [InlineData("CONNECT www.evil.test:80 HTTP/1.1\r\n\r\n")]
    [InlineData("PUT /x HTTP/1.1\r\n\r\n")]
    [InlineData("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("*1\r\n$4\r\nPING\r\n")]
    [InlineData("get / http/1.1\r\n\r\n")]
    [InlineData("\x16\x03\x01\x00\x05\r\nMAIL FROM:<s@f.test>\r\n")]
    [InlineData("\x05\x01\x00")]
    [InlineData("{\"jsonrpc\":\"2.0\"}\r\n")]
    public void OtherProtocol_IsClosedAtOnce(string bytes)
    {
        using var server = new TestServer();
        AttackRun.Play(new SessionAttack(bytes, bytes, "554/5.5.1 close"));
        // In the middle of a session, too: a request's body is not what its head says.
        using var late = server.Connect();
        late.Ask("EHLO c.test");
        late.Ask("MAIL FROM:<s@f.test>");
        late.Ask("RCPT TO:<u@a.test>");
        late.Send(bytes);
        Assert.StartsWith("554 5.5.1 ", late.LastReply, StringComparison.Ordinal);
        Assert.True(late.IsClosed);
        Assert.Contains("closed", server.Log.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, server.Queue.Opened);
        server.DemandService();
    }

    [Fact]
    public void Verification_TellsNothing()
    {
        // B14, RFC 5321 §7.3: the same answer for everybody.
        using var server = new TestServer();
        using var client = server.Connect();
        string[] lines = ["VRFY root", "VRFY u@a.test", "VRFY nobody@a.test", "VRFY <u@a.test>", "VRFY \xc3\xbc SMTPUTF8", "EXPN list", "EXPN u@a.test"];
        Assert.Single(lines.Select(line => client.Ask(line)).Distinct(), "252 2.0.0 Not verified, but mail to it will be tried");
        Assert.StartsWith("553 5.6.7", client.Ask("VRFY \xc3\xbc@a.test"), StringComparison.Ordinal);
        Assert.StartsWith("501 5.5.4", client.Ask("VRFY"), StringComparison.Ordinal);
        Assert.Empty(server.Directory.Asked);
    }

    [Fact]
    public void ExtensionsOnOffer_AreThoseThatWork()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        Assert.Equal(
            "250-mx.a.test\n250-PIPELINING\n250-SIZE 1048576\n250-8BITMIME\n250-SMTPUTF8\n250-DSN\n250-CHUNKING\n"
            + "250-ENHANCEDSTATUSCODES\n250-LIMITS RCPTMAX=1000\n250 HELP",
            client.Ask("EHLO c.test"));
        Assert.Equal("250 mx.a.test", client.Ask("HELO c.test"));
        Assert.StartsWith("502 5.5.1", client.Ask("STARTTLS"), StringComparison.Ordinal);
        Assert.StartsWith("502 5.5.1", client.Ask("AUTH PLAIN AHUAcHc="), StringComparison.Ordinal);
        Assert.StartsWith("214 2.0.0", client.Ask("HELP"), StringComparison.Ordinal);
    }
}
