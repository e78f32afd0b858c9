using Postern.Ipc.Slices;
using Postern.Mail;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Commands;

/// <summary>How a message asks to be carried: REQUIRETLS, TLS-Required (RFC 8689), HOLDFOR and HOLDUNTIL (RFC 4865); where each is on offer, and what the queue is told.</summary>
public class HandlingTests
{
    private const string Sender = "MAIL FROM:<s@f.test>";

    // The clock of these tests, in Unix seconds.
    private const uint Now = 1_772_366_400;

    [Fact]
    public void RequireTls_IsOfferedWithinTlsAlone()
    {
        using var server = Server();
        using var client = server.Connect();
        Assert.DoesNotContain("REQUIRETLS", client.Ask("EHLO c.test"), StringComparison.Ordinal);
        Assert.StartsWith("530 5.7.10", client.Ask(Sender + " REQUIRETLS"), StringComparison.Ordinal);
        client.Ask("STARTTLS");
        Assert.Contains("250-REQUIRETLS\n", client.Ask("EHLO c.test"), StringComparison.Ordinal);
        Assert.StartsWith("501 5.5.4", client.Ask(Sender + " REQUIRETLS=yes"), StringComparison.Ordinal);
        Assert.StartsWith("501 5.5.4", client.Ask(Sender + " REQUIRETLS REQUIRETLS"), StringComparison.Ordinal);
        client.Ask("HELO c.test");
        Assert.StartsWith("555 5.5.4", client.Ask(Sender + " REQUIRETLS"), StringComparison.Ordinal);
        server.DemandService();
    }

    [Theory]
    [InlineData("", "", Handling.None)]
    [InlineData(" REQUIRETLS", "", Handling.RequireTls)]
    [InlineData(" REQUIRETLS SMTPUTF8", "", Handling.RequireTls | Handling.SmtpUtf8)]
    [InlineData("", "TLS-Required: No\r\n", Handling.TlsOptional)]
    [InlineData(" SMTPUTF8", "tls-required:no \r\n", Handling.TlsOptional | Handling.SmtpUtf8)]
    // RFC 8689 §4.1: what the envelope says is above what the header says.
    [InlineData(" REQUIRETLS", "TLS-Required: No\r\n", Handling.RequireTls)]
    // No value but this one is known, and two fields are none: who reads the first and who reads the last might differ.
    [InlineData("", "TLS-Required: Yes\r\n", Handling.None)]
    [InlineData("", "TLS-Required: Not\r\n", Handling.None)]
    [InlineData("", "TLS-Required: No\r\nTLS-Required: Yes\r\n", Handling.None)]
    [InlineData("", "TLS-Required: No\r\nTLS-Required: No\r\n", Handling.None)]
    [InlineData("", "X-TLS-Required: No\r\n", Handling.None)]
    [InlineData("", "TLS-Required: No" + "; and so on\r\n", Handling.None)]
    // What stands in the body is no field.
    [InlineData("", "\r\nTLS-Required: No\r\n", Handling.None)]
    public void Queue_IsToldWhatTheEnvelopeAndTheHeaderSay(string parameters, string header, Handling handling)
    {
        using var server = Server();
        foreach (var way in Ways.EverySplitOf($"{header}Subject: x\r\n\r\nbody\r\n.\r\n"))
        {
            using var client = Secured(server, ServiceKind.Smtp);
            Begin(client, parameters);
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(250, client.LastCode);
            Assert.Equal((handling, 0u), (server.Queue.Committed[^1].Handling, server.Queue.Committed[^1].Release));
            Assert.EndsWith("body\r\n", server.Queue.Committed[^1].Content, StringComparison.Ordinal);
        }

        server.DemandService();
    }

    [Fact]
    public void MessageByChunks_IsJudgedByItsHeaderToo()
    {
        using var server = Server();
        using var client = Secured(server, ServiceKind.Lmtp, "LHLO c.test");
        client.Ask(Sender);
        client.Ask("RCPT TO:<u@a.test>");
        client.Send("BDAT 5\r\nTLS-RBDAT 15 LAST\r\nequired: No\r\n\r\n");
        Assert.Equal(Handling.TlsOptional, Assert.Single(server.Queue.Committed).Handling);
    }

    [Fact]
    public void FutureRelease_IsOfferedToThoseWhoSubmit()
    {
        using var server = Server();
        using var mail = Secured(server, ServiceKind.Smtp);
        Assert.DoesNotContain("FUTURERELEASE", mail.Ask("EHLO c.test"), StringComparison.Ordinal);
        Assert.StartsWith("555 5.5.4", mail.Ask(Sender + " HOLDFOR=5"), StringComparison.Ordinal);
        using var plain = server.Connect(TestServer.Friend, ServiceKind.Submission);
        Assert.DoesNotContain("FUTURERELEASE", plain.Ask("EHLO c.test"), StringComparison.Ordinal);
        Assert.StartsWith("555 5.5.4", plain.Ask(Sender + " HOLDFOR=5"), StringComparison.Ordinal);
        using var secured = Secured(server, ServiceKind.Submission);
        Assert.Contains("250-FUTURERELEASE 86400 2026-03-02T12:00:00Z\n", secured.Ask("EHLO c.test"), StringComparison.Ordinal);
        // The last moment moves along.
        server.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("250-FUTURERELEASE 86400 2026-03-02T12:01:00Z\n", secured.Ask("EHLO c.test"), StringComparison.Ordinal);
        // Whoever has not logged in holds nothing back, as he sends nothing.
        Assert.StartsWith("530 5.7.0", secured.Ask(Sender + " HOLDFOR=5"), StringComparison.Ordinal);
        server.Configure(slice => slice with { OffersTls = true, MaxHoldSeconds = 0 });
        using var without = Secured(server, ServiceKind.Submission);
        Assert.DoesNotContain("FUTURERELEASE", without.Ask("EHLO c.test"), StringComparison.Ordinal);
        Assert.StartsWith("555 5.5.4", without.Ask(Sender + " HOLDFOR=5"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 0u)]
    [InlineData(" HOLDFOR=0", 0u)]
    [InlineData(" HOLDFOR=1", Now + 1)]
    [InlineData(" HOLDFOR=86400", Now + 86_400)]
    [InlineData(" HOLDUNTIL=2026-03-01T12:00:00Z", 0u)]
    [InlineData(" HOLDUNTIL=2026-03-01T13:00:00Z REQUIRETLS", Now + 3600)]
    [InlineData(" HOLDUNTIL=2026-03-02T12:00:00Z", Now + 86_400)]
    public void Hold_IsToldAsItsMoment(string parameters, uint release)
    {
        using var server = Server();
        using var client = LoggedIn(server);
        Assert.StartsWith("250", client.Ask("MAIL FROM:<u@a.test>" + parameters), StringComparison.Ordinal);
        client.Ask("RCPT TO:<x@elsewhere.test>");
        client.Ask("DATA");
        // It counts from MAIL on, however long the content takes.
        server.Advance(TimeSpan.FromMinutes(1));
        Assert.StartsWith("250", client.Ask("From: u@a.test\r\n\r\n."), StringComparison.Ordinal);
        Assert.Equal(release, Assert.Single(server.Queue.Committed).Release);
    }

    [Theory]
    [InlineData("HOLDFOR=86401")]
    [InlineData("HOLDFOR=999999999")]
    [InlineData("HOLDUNTIL=2026-03-02T12:00:01Z")]
    [InlineData("HOLDUNTIL=9999-12-31T23:59:59Z")]
    // What is over can't be waited for.
    [InlineData("HOLDUNTIL=2026-03-01T11:59:59Z")]
    [InlineData("HOLDFOR=5 HOLDUNTIL=2026-03-01T13:00:00Z")]
    public void HoldThatCantBe_IsRefused(string parameters)
    {
        using var server = Server();
        using var client = LoggedIn(server);
        Assert.StartsWith("501 5.5.4", client.Ask("MAIL FROM:<u@a.test> " + parameters), StringComparison.Ordinal);
        Assert.StartsWith("250", client.Ask("MAIL FROM:<u@a.test> HOLDFOR=5"), StringComparison.Ordinal);
    }

    private static void Begin(TestClient client, string parameters)
    {
        Assert.StartsWith("250", client.Ask(Sender + parameters), StringComparison.Ordinal);
        client.Ask("RCPT TO:<u@a.test>");
        client.Ask("DATA");
    }

    private static TestServer Server()
    {
        var server = new TestServer(slice => slice with { OffersTls = true });
        server.Server.Tls.Connect(server.Tls.Start());
        server.Server.Logins.Connect(server.Auth.Start());
        server.Settle();
        return server;
    }

    private static TestClient Secured(TestServer server, ServiceKind service, string hello = "EHLO c.test")
    {
        var client = server.Connect(TestServer.Stranger, service);
        client.Ask(hello);
        client.Ask("STARTTLS");
        client.Ask(hello);
        return client;
    }

    private static TestClient LoggedIn(TestServer server)
    {
        server.Auth.Answers.Enqueue("!u@a.test");
        var client = Secured(server, ServiceKind.Submission);
        Assert.StartsWith("235 ", client.Ask("AUTH PLAIN AHVAYS50ZXN0AHNlY3JldA=="), StringComparison.Ordinal);
        return client;
    }
}
