using System.Text;
using Postern.Ipc.Slices;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Sessions;

/// <summary>AUTH as a client sees it: where it is there, what passes through, and what a login is good for (D1, D2, D4, D5, D7, D9 to D11).</summary>
public class LoginTests
{
    private static readonly string _plain = Base64("\0u@a.test\0secret");

    [Fact]
    public void Login_MakesAStrangerOneWhoMaySend()
    {
        using var server = Server("!u@a.test");
        using var client = Secured(server);
        Assert.StartsWith("530 5.7.0 Authentication required", client.Ask("MAIL FROM:<u@a.test>"), StringComparison.Ordinal);
        Assert.StartsWith("235 2.7.0", client.Ask("AUTH PLAIN " + _plain), StringComparison.Ordinal);
        Assert.Equal(["start PLAIN Submission", "say \0u@a.test\0secret"], server.Auth.Heard);
        client.BeginData("u@a.test", "x@elsewhere.test").Send("From: u@a.test\r\n\r\n.\r\n");
        Assert.Contains("with ESMTPSA\r\n", server.Queue.Committed[0].Trace, StringComparison.Ordinal);
        Assert.Contains("user=\"u@a.test\"", server.Log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", server.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Auth_IsOfferedWhereItCanBeUsed()
    {
        using var server = Server();
        using var plain = server.Connect(TestServer.Stranger, ServiceKind.Submission);
        Assert.DoesNotContain("AUTH", plain.Ask("EHLO c.test"), StringComparison.Ordinal);
        using var mail = server.Connect();
        mail.Ask("EHLO c.test");
        mail.Ask("STARTTLS");
        Assert.DoesNotContain("AUTH", mail.Ask("EHLO c.test"), StringComparison.Ordinal);
        Assert.StartsWith("502 ", mail.Ask("AUTH PLAIN " + _plain), StringComparison.Ordinal);
        using var secured = Secured(server);
        Assert.Contains("250-AUTH SCRAM-SHA-256 PLAIN LOGIN", secured.Ask("EHLO c.test"), StringComparison.Ordinal);
        server.Tls.Facts = () => FakeTls.Written("TLSv1.3", "X", exporter: [1]);
        using var bound = Secured(server);
        Assert.Contains("250-AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN", bound.Ask("EHLO c.test"), StringComparison.Ordinal);
        Assert.Empty(server.Auth.Heard);
    }

    [Theory]
    [InlineData(LoginWays.None, "PLAIN LOGIN", "EXTERNAL PLAIN LOGIN")]
    [InlineData(LoginWays.Scram, "SCRAM-SHA-256 PLAIN LOGIN", "SCRAM-SHA-256 EXTERNAL PLAIN LOGIN")]
    [InlineData(LoginWays.Tokens, "OAUTHBEARER XOAUTH2 PLAIN LOGIN", "EXTERNAL OAUTHBEARER XOAUTH2 PLAIN LOGIN")]
    [InlineData(LoginWays.Scram | LoginWays.Tokens, "SCRAM-SHA-256 OAUTHBEARER XOAUTH2 PLAIN LOGIN", "SCRAM-SHA-256 EXTERNAL OAUTHBEARER XOAUTH2 PLAIN LOGIN")]
    public void Mechanisms_AreThoseThatThereAre(LoginWays ways, string offered, string toWhoHasACertificate)
    {
        using var server = Server([], ways);
        using var client = Secured(server);
        Assert.Contains($"250-AUTH {offered}\n", client.Ask("EHLO c.test"), StringComparison.Ordinal);
        server.Tls.Facts = () => FakeTls.Written("TLSv1.3", "X", voucher: [1]);
        using var certified = Secured(server);
        Assert.Contains($"250-AUTH {toWhoHasACertificate}\n", certified.Ask("EHLO c.test"), StringComparison.Ordinal);
    }

    [Fact]
    public void External_PassesOnWhatTlsSaidOfTheCertificate()
    {
        using var server = Server("!u@a.test", "?");
        server.Tls.Facts = () => FakeTls.Written("TLSv1.3", "X", voucher: "a word"u8.ToArray());
        using var client = Secured(server);
        Assert.StartsWith("235 ", client.Ask("AUTH EXTERNAL ="), StringComparison.Ordinal);
        Assert.Equal(["start EXTERNAL Submission a word", "say "], server.Auth.Heard);
        using var asked = Secured(server);
        Assert.Equal("334 ", asked.Ask("AUTH EXTERNAL"));
    }

    [Theory]
    [InlineData("PLAIN AHUAcHc=")]
    [InlineData("PLAIN")]
    [InlineData("PLAIN =")]
    [InlineData("NONSENSE")]
    [InlineData("PLAIN \u0001\u0002")]
    public void WithoutTls_NothingIsLookedAt(string argument)
    {
        using var server = Server();
        using var client = server.Connect(TestServer.Stranger, ServiceKind.Submission);
        client.Ask("EHLO c.test");
        Assert.StartsWith("538 5.7.11", client.Ask("AUTH " + argument), StringComparison.Ordinal);
        Assert.Empty(server.Auth.Heard);
        Assert.DoesNotContain("AHUAcHc", server.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Challenges_ArePassedOn()
    {
        using var server = Server("?Username:", "?Password:", "!u@a.test");
        using var client = Secured(server);
        Assert.Equal("334 " + Base64("Username:"), client.Ask("AUTH LOGIN"));
        Assert.Equal("334 " + Base64("Password:"), client.Ask(Base64("u@a.test")));
        Assert.StartsWith("235 ", client.Ask(Base64("secret")), StringComparison.Ordinal);
        Assert.Equal(["start LOGIN Submission", "say u@a.test", "say secret"], server.Auth.Heard);
    }

    [Fact]
    public void EmptyMessages_AreMessages()
    {
        using var server = Server("?", "?v=x", "!u@a.test");
        using var client = Secured(server);
        Assert.Equal("334 ", client.Ask("AUTH SCRAM-SHA-256 ="));
        Assert.Equal("334 " + Base64("v=x"), client.Ask("="));
        Assert.StartsWith("235 ", client.Ask(""), StringComparison.Ordinal);
        Assert.Equal(["start SCRAM-SHA-256 Submission", "say ", "say ", "say "], server.Auth.Heard);
    }

    [Fact]
    public void CancellingAfterTheServersProof_LogsNobodyIn()
    {
        // RFC 4954 §4: "*" is always answered by 501. RFC 5802 §3: so says a client that does not take our proof.
        using var server = Server("?r=x", "?v=x");
        using var client = Secured(server);
        client.Ask("AUTH SCRAM-SHA-256 " + Base64("n,,n=u,r=x"));
        Assert.Equal("334 " + Base64("v=x"), client.Ask(Base64("c=biws,r=x,p=x")));
        Assert.StartsWith("501 5.7.0", client.Ask("*"), StringComparison.Ordinal);
        Assert.Equal("end", server.Auth.Heard[^1]);
        Assert.StartsWith("530 ", client.Ask("MAIL FROM:<u@a.test>"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("501 5.5.4", "AUTH")]
    [InlineData("504 5.5.4", "AUTH CRAM-MD5")]
    [InlineData("504 5.5.4", "AUTH  AHUAcHc=")]
    [InlineData("504 5.5.4", "AUTH A-NAME-OF-21-LETTERS-")]
    [InlineData("504 5.5.4", "AUTH SCRAM-SHA-1 eA==")]
    [InlineData("501 5.5.2", "AUTH PLAIN dXNlckB0AHlalala==")]
    [InlineData("501 5.5.2", "AUTH PLAIN AHUAcHc= x")]
    [InlineData("501 5.5.2", "AUTH PLAIN AHU\tAcHc=")]
    [InlineData("501 5.5.2", "AUTH PLAIN AHUAcHc=AAAA")]
    [InlineData("501 5.7.0", "AUTH LOGIN", "*")]
    [InlineData("501 5.5.2", "AUTH LOGIN", "no base64")]
    [InlineData("503 5.5.1", "MAIL FROM:<>", "AUTH PLAIN AHUAcHc=")]
    public void WhatIsNoAttempt_IsRefusedAndTheSessionGoesOn(string reply, params string[] lines)
    {
        using var server = Server("?Username:");
        using var client = Secured(server, trusted: lines[0].StartsWith("MAIL", StringComparison.Ordinal));
        foreach (var line in lines) client.Ask(line);
        Assert.StartsWith(reply, client.LastReply, StringComparison.Ordinal);
        Assert.StartsWith("250 ", client.Ask("NOOP"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Refused", "535 5.7.8")]
    [InlineData("Malformed", "501 5.5.2")]
    [InlineData("Later", "454 4.7.0")]
    [InlineData("Unavailable", "454 4.7.0")]
    public void Verdict_IsTold(string verdict, string reply)
    {
        using var server = Server(verdict);
        using var client = Secured(server);
        Assert.StartsWith(reply, client.Ask("AUTH PLAIN " + _plain), StringComparison.Ordinal);
        Assert.StartsWith("530 ", client.Ask("MAIL FROM:<u@a.test>"), StringComparison.Ordinal);
    }

    [Fact]
    public void ThirdTryBeyondTheLimits_EndsTheSession()
    {
        using var server = Server("Later", "Later", "Later");
        using var client = Secured(server);
        Assert.StartsWith("454 ", client.Ask("AUTH PLAIN " + _plain), StringComparison.Ordinal);
        Assert.StartsWith("454 ", client.Ask("AUTH PLAIN " + _plain), StringComparison.Ordinal);
        Assert.StartsWith("421 4.7.0", client.Ask("AUTH PLAIN " + _plain), StringComparison.Ordinal);
    }

    [Fact]
    public void ThirdFailure_EndsTheSession()
    {
        using var server = Server("Refused", "Refused", "Refused");
        using var client = Secured(server);
        Assert.StartsWith("535 ", client.Ask("AUTH PLAIN " + _plain), StringComparison.Ordinal);
        Assert.StartsWith("535 ", client.Ask("AUTH PLAIN " + _plain), StringComparison.Ordinal);
        Assert.StartsWith("421 4.7.0", client.Ask("AUTH PLAIN " + _plain), StringComparison.Ordinal);
        Assert.True(client.IsClosed);
    }

    [Fact]
    public void Login_IsDoneOnceAndStays()
    {
        using var server = Server("!u@a.test");
        using var client = Secured(server);
        client.Ask("AUTH PLAIN " + _plain);
        Assert.StartsWith("503 5.5.1", client.Ask("AUTH PLAIN " + _plain), StringComparison.Ordinal);
        client.Ask("RSET");
        client.Ask("EHLO c.test");
        Assert.StartsWith("250 2.1.0", client.Ask("MAIL FROM:<u@a.test>"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("u@a.test", "250 2.1.0")]
    [InlineData("", "250 2.1.0")]
    [InlineData("v@a.test", "553 5.7.1")]
    [InlineData("x@f.test", "553 5.7.1")]
    public void Sender_HasToBeTheUsersOwn(string sender, string reply)
    {
        using var server = Server("!u@a.test");
        server.Directory.Own = (login, address) => login == address;
        using var client = Secured(server);
        client.Ask("AUTH PLAIN " + _plain);
        Assert.StartsWith(reply, client.Ask($"MAIL FROM:<{sender}>"), StringComparison.Ordinal);
        Assert.StartsWith(reply[0] == '2' ? "250 " : "503 ", client.Ask("RCPT TO:<x@elsewhere.test>"), StringComparison.Ordinal);
        // Whoever looks after the server is asked why her mail does not go.
        Assert.Equal(reply[0] != '2', server.Log.ToString().Contains(
            $"what=sender reply=\"553 5.7.1 Sender address is not yours\" from=\"{sender}\" user=\"u@a.test\"", StringComparison.Ordinal));
    }

    [Fact]
    public void LateAnswer_IsForNobody()
    {
        // D11: the answer to an attempt that was given up does not log the next one in.
        using var server = Server();
        using var client = Secured(server);
        Assert.Equal("", client.Ask("AUTH PLAIN " + _plain));
        var first = server.Auth.Exchange;
        server.Advance(TimeSpan.FromSeconds(20));
        Assert.StartsWith("454 4.7.0", client.LastReply, StringComparison.Ordinal);
        Assert.Equal("end", server.Auth.Heard[^1]);
        Assert.Equal("", client.Ask("AUTH PLAIN " + _plain));
        server.Auth.Answer(first, "!u@a.test");
        server.Settle();
        Assert.StartsWith("454", client.LastReply, StringComparison.Ordinal);
        server.Auth.Answer(server.Auth.Exchange, "Refused");
        server.Settle();
        Assert.StartsWith("535", client.LastReply, StringComparison.Ordinal);
    }

    [Fact]
    public void WhoJudgesAndDies_LogsNobodyIn()
    {
        using var server = Server();
        using var client = Secured(server);
        Assert.Equal("", client.Ask("AUTH PLAIN " + _plain));
        server.Auth.Die();
        server.Settle();
        Assert.StartsWith("454 4.7.0", client.LastReply, StringComparison.Ordinal);
        server.Auth.Answers.Enqueue("!u@a.test");
        server.Server.Logins.Connect(server.Auth.Start());
        server.Settle();
        Assert.StartsWith("235 ", client.Ask("AUTH PLAIN " + _plain), StringComparison.Ordinal);
    }

    [Fact]
    public void AttemptOfBeforeARestart_TouchesNoneOfAfter()
    {
        using var server = Server("?Username:");
        using var old = Secured(server);
        old.Ask("AUTH LOGIN");
        server.Auth.Die();
        server.Settle();
        server.Server.Logins.Connect(server.Auth.Start());
        server.Settle();
        server.Auth.Heard.Clear();
        using var fresh = Secured(server);
        Assert.Equal("", fresh.Ask("AUTH PLAIN " + _plain));
        // What the old one says now is for nobody, and its end is not the other's.
        Assert.StartsWith("454 4.7.0", old.Ask(Base64("old@a.test")), StringComparison.Ordinal);
        Assert.Equal(["start PLAIN Submission", "say \0u@a.test\0secret"], server.Auth.Heard);
        server.Auth.Answer(server.Auth.Exchange, "!u@a.test");
        server.Settle();
        Assert.StartsWith("235 ", fresh.LastReply, StringComparison.Ordinal);
    }

    [Fact]
    public void ClientThatLeaves_IsTold()
    {
        using var server = Server("?Username:");
        using (var client = Secured(server)) client.Ask("AUTH LOGIN");
        server.Settle();
        Assert.Equal("end", server.Auth.Heard[^1]);
        Assert.Equal(0, server.Server.SessionCount);
    }

    [Fact]
    public void LongestAnswer_IsTaken_AndALongerOneEndsTheSession()
    {
        using var server = Server("?", "?", "Refused");
        using var client = Secured(server);
        client.Ask("AUTH SCRAM-SHA-256");
        var most = Base64(new string('x', 9213));
        Assert.Equal(12_284, most.Length);
        Assert.Equal("334 ", client.Ask(most));
        Assert.Equal(9213 + 4, server.Auth.Heard[^1].Length);
        Assert.StartsWith("500 5.5.2 Line too long", client.Ask(most + "AAAAAAAA"), StringComparison.Ordinal);
        Assert.True(client.IsClosed);
    }

    [Fact]
    public void StopDuringAnAttempt_DoesNotWaitForTheClient()
    {
        using var server = Server("?Username:");
        using var client = Secured(server);
        client.Ask("AUTH LOGIN");
        server.Server.Stop();
        server.Settle();
        Assert.StartsWith("421 4.3.2", client.LastReply, StringComparison.Ordinal);
        Assert.Equal(0, server.Server.SessionCount);
    }

    [Fact]
    public void BytesBehindTheCommand_EndTheSession()
    {
        using var server = Server("!u@a.test");
        using var client = Secured(server);
        Assert.StartsWith("554 5.5.0", client.Exchange($"AUTH PLAIN {_plain}\r\nMAIL FROM:<u@a.test>\r\n"), StringComparison.Ordinal);
        Assert.Empty(server.Auth.Heard);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.Latin1.GetBytes(text));

    private static TestServer Server(params string[] answers) => Server(answers, LoginWays.Scram);

    private static TestServer Server(string[] answers, LoginWays ways)
    {
        var server = new TestServer(slice => slice with { OffersTls = true, Logins = ways });
        server.Server.Tls.Connect(server.Tls.Start());
        server.Server.Logins.Connect(server.Auth.Start());
        foreach (var answer in answers) server.Auth.Answers.Enqueue(answer);
        server.Settle();
        return server;
    }

    private static TestClient Secured(TestServer server, bool trusted = false)
    {
        var client = server.Connect(trusted ? TestServer.Friend : TestServer.Stranger, ServiceKind.Submission);
        client.Ask("EHLO c.test");
        client.Ask("STARTTLS");
        client.Ask("EHLO c.test");
        return client;
    }
}
