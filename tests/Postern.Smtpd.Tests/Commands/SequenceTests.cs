using Postern.Ipc.Slices;
using Postern.Smtpd.Tests.Harness;
using Postern.TestKit.Attacks;

namespace Postern.Smtpd.Tests.Commands;

/// <summary>Attacks B1, B2, B5, B6, B11, B12: commands out of their place, and bytes that come before their time.</summary>
public class SequenceTests
{
    private const string Hello = "EHLO c.test";
    private const string Mail = "MAIL FROM:<s@f.test>";
    private const string Rcpt = "RCPT TO:<u@a.test>";
    private const string Nobody = "RCPT TO:<nobody@a.test>";

    public static TheoryData<string[], string> Sequences => new()
    {
        // B1: nothing runs before what it needs.
        { [Mail], "503" },
        { [Rcpt], "503" },
        { ["DATA"], "503" },
        { ["BDAT 0 LAST"], "503" },
        { [Hello, Rcpt], "250 503" },
        { [Hello, "DATA"], "250 503" },
        { [Hello, Mail, "DATA"], "250 250 503" },
        { [Hello, Mail, "BDAT 0 LAST"], "250 250 503" },
        // A second MAIL changes nothing: the first transaction goes on.
        { [Hello, Mail, Mail, Rcpt, "DATA"], "250 250 503 250 354" },
        // B2: no recipient left.
        { [Hello, Mail, Nobody, "DATA"], "250 250 550 554" },
        { [Hello, Mail, Nobody, "BDAT 0 LAST"], "250 250 550 554" },
        { [Hello, Mail, Nobody, Rcpt, "DATA"], "250 250 550 250 354" },
        // B5: each of these forgets the transaction, or refuses and does not.
        { [Hello, Mail, Rcpt, "RSET", "DATA"], "250 250 250 250 503" },
        { [Hello, Mail, Rcpt, Hello, "DATA"], "250 250 250 250 503" },
        { [Hello, Mail, Rcpt, "HELO c.test", "DATA"], "250 250 250 250 503" },
        { [Hello, Mail, Rcpt, "STARTTLS", "DATA"], "250 250 250 503 354" },
        { [Hello, Mail, Rcpt, "AUTH PLAIN", "DATA"], "250 250 250 502 354" },
        { [Hello, Mail, Rcpt, "HELO", "DATA"], "250 250 250 501 354" },
        { [Hello, Mail, Rcpt, "RSET x", "DATA"], "250 250 250 501 354" },
        { [Hello, Mail, Rcpt, "DATA x", "DATA"], "250 250 250 501 354" },
        { [Hello, Mail, Rcpt, "QUIT x", "DATA"], "250 250 250 501 354" },
        { [Hello, Mail, Rcpt, "MAIL FROM:<t@f.test>", "RCPT TO:<broken", "DATA"], "250 250 250 503 501 354" },
        // A refused MAIL begins nothing.
        { [Hello, "MAIL FROM:<broken", Rcpt], "250 501 503" },
        // B6: an address beyond ASCII without the parameter.
        { [Hello, "MAIL FROM:<\xc3\xbc@f.test>", "DATA"], "250 553 503" },
        { [Hello, Mail, "RCPT TO:<\xc3\xbc@a.test>", "DATA"], "250 250 553 503" },
        { [Hello, Mail, Rcpt, "RCPT TO:<\xc3\xbc@a.test>", "DATA"], "250 250 250 553 354" },
        { [Hello, Mail, Rcpt, "VRFY \xc3\xbc@a.test", "DATA"], "250 250 250 553 354" },
    };

    [Theory]
    [MemberData(nameof(Sequences))]
    public void CommandOutOfPlace_IsRefusedAndChangesNothing(string[] lines, string codes) =>
        AttackRun.Play(SessionAttack.OfLines(string.Join('|', lines), lines, codes.Split(' ')));

    [Theory]
    // RFC 2033 §4.2: LMTP has 503 for it, where SMTP has 554.
    [InlineData("DATA")]
    [InlineData("BDAT 0 LAST")]
    public void LmtpContentForNobody_Is503(string command)
    {
        using var server = new TestServer();
        using var client = server.Connect(TestServer.Friend, ServiceKind.Lmtp);
        client.Ask("LHLO c.test");
        // As over SMTP it is no mistake, of which ten end a session: the client may not have read the reply to RCPT yet.
        for (var i = 0; i < 20; i++)
        {
            client.Ask(Mail);
            client.Ask(Nobody);
            Assert.StartsWith("503 5.5.1 ", client.Ask(command), StringComparison.Ordinal);
            client.Ask("RSET");
        }

        Assert.Equal(0, server.Queue.Opened);
        Assert.False(client.IsClosed);
        server.DemandService();
    }

    [Fact]
    public void BytesBehindARefusedData_EndTheSession()
    {
        // B2: the client took it for granted that DATA would be taken; what follows may be a message that looks like commands.
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask(Hello);
        client.Send(Mail + "\r\n" + Nobody + "\r\nDATA\r\nMAIL FROM:<evil@bank.test>\r\nRCPT TO:<u@a.test>\r\nDATA\r\nx\r\n.\r\n");
        Assert.Equal(["250", "550", "554"], client.Replies.Skip(2).Select(reply => reply[..3]));
        Assert.True(client.IsClosed);
        Assert.Equal(0, server.Queue.Opened);
        server.DemandService();
    }

    [Theory]
    // B12: each of these the client has to wait for.
    [InlineData("EHLO c.test\r\nNOOP\r\n")]
    [InlineData("EHLO c.test\r\n\r\n")]
    [InlineData("HELO c.test\r\nN")]
    [InlineData("EHLO\r\nMAIL FROM:<s@f.test>\r\n")]
    [InlineData("QUIT\r\nNOOP\r\n")]
    [InlineData("STARTTLS\r\nEHLO x\r\nMAIL FROM:<inj@f.test>\r\n")]
    [InlineData("AUTH PLAIN\r\nAHUAcHc=\r\n")]
    [InlineData("DATA\r\nx")]
    public void BytesBehindACommandThatEndsAGroup_EndTheSession(string bytes)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Send(bytes);
        Assert.Equal(2, client.Replies.Count);
        Assert.StartsWith("554 5.5.0", client.LastReply, StringComparison.Ordinal);
        Assert.True(client.IsClosed);
        Assert.Contains("what=pipelining", server.Log.ToString(), StringComparison.Ordinal);
        server.DemandService();
    }

    [Fact]
    public void BytesBehindAGoodData_EndTheSessionAndStoreNothing()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask(Hello);
        client.Send(Mail + "\r\n" + Rcpt + "\r\nDATA\r\nSubject: t\r\n\r\nx\r\n.\r\n");
        Assert.Equal(["250", "250", "554"], client.Replies.Skip(2).Select(reply => reply[..3]));
        Assert.True(client.IsClosed);
        Assert.Equal(0, server.Queue.Opened);
        server.DemandService();
    }

    [Fact]
    public void ClientThatTalksBeforeTheGreeting_IsTurnedAway()
    {
        // B11.
        using var server = new TestServer();
        using var client = server.Connect(early: "EHLO c.test\r\n");
        Assert.StartsWith("554 5.5.1", Assert.Single(client.Replies), StringComparison.Ordinal);
        Assert.True(client.IsClosed);
        server.DemandService();
    }

    [Fact]
    public void ExtensionsAfterHelo_AreUnknown()
    {
        // RFC 5321 §4.1.1.11, §2.2.1: who said HELO was told of no extension.
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("HELO c.test");
        Assert.StartsWith("555 5.5.4", client.Ask(Mail + " SIZE=10"), StringComparison.Ordinal);
        client.Ask(Mail);
        Assert.StartsWith("555 5.5.4", client.Ask(Rcpt + " NOTIFY=NEVER"), StringComparison.Ordinal);
        client.Ask(Rcpt);
        client.Ask("DATA");
        client.Send("x\r\n.\r\n");
        Assert.Contains("with SMTP\r\n", Assert.Single(server.Queue.Committed).Trace, StringComparison.Ordinal);
    }
}
