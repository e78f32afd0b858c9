using Postern.Ipc.Securing;
using Postern.Ipc.Slices;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Sessions;

/// <summary>STARTTLS and sessions that begin with TLS: what is said, what is forgotten, what happens when nobody does TLS (C1, C3, C7, C16).</summary>
public class StartTlsTests
{
    [Fact]
    public void SocketThatCantBeWatched_EndsItsSessionAndNothingElse()
    {
        // A file is no socket: epoll refuses it, as it refuses any when the kernel has no memory left for watches.
        using var server = new TestServer(slice => slice with { OffersTls = true });
        server.Server.Tls.Connect(server.Tls.Start());
        using (var file = File.OpenHandle(typeof(TestServer).Assembly.Location))
        {
            server.Server.Accept(new Posix.Descriptor((int)file.DangerousGetHandle()), Posix.Sockets.SocketAddress.Inet(default, 50_000), Ipc.Slices.ServiceKind.Submissions);
            file.SetHandleAsInvalid();
        }

        server.Settle();
        Assert.Equal(0, server.Server.SessionCount);
        server.DemandService();
    }

    [Fact]
    public void Tls_IsOfferedAndDone()
    {
        using var server = Server();
        using var client = server.Connect();
        Assert.Contains("STARTTLS", client.Ask("EHLO c.test"), StringComparison.Ordinal);
        Assert.StartsWith("220 2.0.0", client.Ask("STARTTLS"), StringComparison.Ordinal);
        Assert.Equal([new HandOver(ServiceKind.Smtp, Address(TestServer.Stranger))], server.Tls.Asked);
        Assert.DoesNotContain("STARTTLS", client.Ask("EHLO c.test"), StringComparison.Ordinal);
    }

    [Fact]
    public void Message_TellsHowItCame()
    {
        using var server = Server();
        using var client = Secured(server);
        client.BeginData("s@f.test", "u@a.test").Send("Subject: x\r\n\r\n.\r\n");
        Assert.Contains("with ESMTPS\r\n", server.Queue.Committed[0].Trace, StringComparison.Ordinal);
        Assert.Contains("\r\n\ttls TLS_AES_128_GCM_SHA256; ", server.Queue.Committed[0].Trace, StringComparison.Ordinal);
        Assert.Contains("tls=TLSv1.3", server.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWasSaidBefore_IsForgotten()
    {
        using var server = Server();
        using var client = server.Connect();
        client.Ask("EHLO before.test");
        client.Ask("STARTTLS");
        Assert.StartsWith("503 5.5.1 Say hello first", client.Ask("MAIL FROM:<s@f.test>"), StringComparison.Ordinal);
        client.BeginData("s@f.test", "u@a.test").Send("\r\n.\r\n");
        Assert.DoesNotContain("before.test", server.Queue.Committed[0].Trace, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsSaidTogetherWithTheEndOfTheHandshake_IsHeard()
    {
        using var server = Server();
        server.Tls.SaidAtOnce = "EHLO c.test\r\nNOOP\r\n";
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        // Both as one piece: the last of a handshake may bring the first commands with it.
        Assert.Contains("554 5.5.0", client.Ask("STARTTLS"), StringComparison.Ordinal);
        server.Tls.SaidAtOnce = "EHLO c.test\r\n";
        using var other = server.Connect();
        other.Ask("EHLO c.test");
        Assert.Contains("250-mx.a.test", other.Ask("STARTTLS"), StringComparison.Ordinal);
    }

    [Fact]
    public void FactsThatComeInPieces_AreWaitedFor()
    {
        var facts = FakeTls.Written("TLSv1.2", "X");
        for (var cut = 0; cut <= facts.Length; cut++)
        {
            using var server = Server();
            var given = cut;
            server.Tls.Facts = () => facts[..given];
            using var client = server.Connect();
            client.Ask("EHLO c.test");
            client.Ask("STARTTLS");
            Assert.Equal(cut == facts.Length ? "250 2.0.0 Ok" : "", client.Ask("NOOP"));
        }
    }

    [Fact]
    public void ClientWhoseHandshakeFails_IsLeftAlone()
    {
        using var server = Server();
        server.Tls.Facts = null;
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        Assert.Equal("220 2.0.0 Ready to start TLS", client.Ask("STARTTLS"));
        Assert.True(client.IsClosed);
        Assert.Equal(0, server.Server.SessionCount);
    }

    [Theory]
    [InlineData("0000000046000000")]
    [InlineData("ffffffff4600")]
    [InlineData("000000000a00")]
    public void NonsenseInsteadOfFacts_EndsTheSession(string hex)
    {
        using var server = Server();
        server.Tls.Facts = () => Convert.FromHexString(hex);
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("STARTTLS");
        Assert.True(client.IsClosed);
        Assert.Equal(0, server.Server.SessionCount);
    }

    // They stand in the log and in the message: what is no plain word would be fields of its own there.
    [Theory]
    [InlineData("TLSv1.3 user=\"root\"", "X")]
    [InlineData("TLSv1.3\"", "X")]
    [InlineData("TLSv1.3 ", "X")]
    [InlineData("tlsv1.3", "X")]
    [InlineData("", "X")]
    [InlineData("TLSv1.3", "X (by evil.test)")]
    [InlineData("TLSv1.3", " ")]
    [InlineData("TLSv1.3", "X;")]
    [InlineData("TLSv1.3", "X\"")]
    public void FactsThatAreNoWords_EndTheSession(string version, string suite)
    {
        using var server = Server();
        server.Tls.Facts = () => FakeTls.Written(version, suite);
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("STARTTLS");
        Assert.Equal("", client.Ask("EHLO c.test"));
        Assert.True(client.IsClosed);
        Assert.Equal(0, server.Server.SessionCount);
    }

    [Fact]
    public void NobodyToDoTls_Is454AndTheSessionGoesOn()
    {
        using var server = Server(connected: false);
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        Assert.Equal("", client.Ask("STARTTLS"));
        server.Advance(TimeSpan.FromSeconds(5));
        Assert.StartsWith("454 4.7.0", client.LastReply, StringComparison.Ordinal);
        Assert.StartsWith("250 ", client.Ask("MAIL FROM:<s@f.test>"), StringComparison.Ordinal);
    }

    [Fact]
    public void WhoDoesTlsAndIsRestarting_IsWaitedFor()
    {
        using var server = Server();
        server.Tls.Die();
        server.Settle();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        Assert.Equal("", client.Ask("STARTTLS"));
        server.Server.Tls.Connect(server.Tls.Start());
        server.Settle();
        Assert.StartsWith("220 ", client.LastReply, StringComparison.Ordinal);
        Assert.StartsWith("250-", client.Ask("EHLO c.test"), StringComparison.Ordinal);
    }

    [Fact]
    public void WhoDoesTlsAndDies_TakesItsSessionsAlong()
    {
        using var server = Server();
        using var secured = Secured(server);
        using var plain = server.Connect();
        server.Tls.Die();
        server.Settle();
        Assert.True(secured.IsClosed);
        Assert.StartsWith("250 ", plain.Ask("NOOP"), StringComparison.Ordinal);
    }

    [Fact]
    public void LineThatIsFull_IsWaitedFor()
    {
        using var server = Server(connected: false);
        server.Tls.Reads = false;
        server.Server.Tls.Connect(server.Tls.Start());
        var clients = new List<TestClient>();
        for (var i = 0; i < 600; i++)
        {
            // Of many addresses: one of them has no more than 50 sessions.
            clients.Add(server.Connect($"192.0.2.{i % 200}"));
            clients[^1].Ask("EHLO c.test");
            clients[^1].Ask("STARTTLS");
        }

        server.Tls.Read();
        server.Settle();
        Assert.Equal(600, server.Tls.Asked.Count);
        Assert.All(clients, client => Assert.StartsWith("250 ", client.Ask("NOOP"), StringComparison.Ordinal));
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public void LineThatStaysFull_EndsTheSessionInSilence()
    {
        using var server = Server(connected: false);
        server.Tls.Reads = false;
        server.Server.Tls.Connect(server.Tls.Start());
        for (var i = 0; i < 600; i++)
        {
            var client = server.Connect($"192.0.2.{i % 200}");
            client.Ask("EHLO c.test");
            client.Ask("STARTTLS");
        }

        var before = server.Server.SessionCount;
        server.Advance(TimeSpan.FromSeconds(5));
        // Those that did not get into the line are gone; nothing was said to them in the clear.
        Assert.InRange(server.Server.SessionCount, 1, before - 1);
    }

    [Fact]
    public void BytesBehindTheCommand_EndTheSession()
    {
        using var server = Server();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        Assert.StartsWith("554 5.5.0", client.Exchange("STARTTLS\r\nEHLO x\r\nMAIL FROM:<inj@f.test>\r\n"), StringComparison.Ordinal);
        Assert.True(client.IsClosed);
        Assert.Empty(server.Tls.Asked);
    }

    [Theory]
    [InlineData("501", "EHLO c.test", "STARTTLS x")]
    [InlineData("503", "STARTTLS")]
    [InlineData("503", "EHLO c.test", "MAIL FROM:<s@f.test>", "STARTTLS")]
    [InlineData("503", "EHLO c.test", "MAIL FROM:<s@f.test>", "RCPT TO:<u@a.test>", "STARTTLS")]
    [InlineData("503", "EHLO c.test", "STARTTLS", "EHLO c.test", "STARTTLS")]
    [InlineData("503", "EHLO c.test", "STARTTLS", "STARTTLS")]
    public void OutOfPlace_IsRefused(string code, params string[] lines)
    {
        using var server = Server();
        using var client = server.Connect();
        foreach (var line in lines) client.Ask(line);
        Assert.StartsWith(code, client.LastReply, StringComparison.Ordinal);
        Assert.StartsWith("250 ", client.Ask("NOOP"), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutTls_NothingIsOffered()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        Assert.DoesNotContain("STARTTLS", client.Ask("EHLO c.test"), StringComparison.Ordinal);
        Assert.StartsWith("502 5.5.1", client.Ask("STARTTLS"), StringComparison.Ordinal);
    }

    [Fact]
    public void ImplicitTls_BeginsAtOnce()
    {
        using var server = Server();
        using var client = server.Connect(TestServer.Friend, ServiceKind.Submissions);
        Assert.Equal(["220 mx.a.test ESMTP Postern"], client.Replies);
        Assert.Equal(ServiceKind.Submissions, server.Tls.Asked[0].Service);
        Assert.DoesNotContain("STARTTLS", client.Ask("EHLO c.test"), StringComparison.Ordinal);
        Assert.StartsWith("503 ", client.Ask("STARTTLS"), StringComparison.Ordinal);
    }

    [Fact]
    public void ImplicitTls_SaysNothingInTheClear()
    {
        // Not even that there are too many, or that nobody does TLS.
        using var server = Server(change: slice => slice with { OffersTls = true, ConnectionsPerClient = 0 });
        using var refused = server.Connect(TestServer.Stranger, ServiceKind.Submissions);
        Assert.Equal(("", true), (refused.Received, refused.IsClosed));
        using var without = Server(connected: false);
        using var client = without.Connect(TestServer.Friend, ServiceKind.Submissions);
        without.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(("", true), (client.Received, client.IsClosed));
    }

    [Fact]
    public void EarlyTalkerInsideTls_IsToldSo()
    {
        using var server = Server();
        server.Tls.SaidAtOnce = "EHLO c.test\r\n";
        using var client = server.Connect(TestServer.Friend, ServiceKind.Submissions);
        Assert.StartsWith("554 ", client.Replies[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Submission_DemandsTlsBeforeItDemandsALogin()
    {
        using var server = Server();
        using var client = server.Connect(TestServer.Stranger, ServiceKind.Submission);
        client.Ask("EHLO c.test");
        Assert.StartsWith("530 5.7.0 STARTTLS first", client.Ask("MAIL FROM:<u@a.test>"), StringComparison.Ordinal);
        client.Ask("STARTTLS");
        client.Ask("EHLO c.test");
        Assert.StartsWith("530 5.7.0 Authentication required", client.Ask("MAIL FROM:<u@a.test>"), StringComparison.Ordinal);
    }

    [Fact]
    public void StopDuringAHandshake_DoesNotWaitForIt()
    {
        using var server = Server();
        server.Tls.Facts = () => [];
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("STARTTLS");
        server.Server.Stop();
        server.Settle();
        Assert.Equal(0, server.Server.SessionCount);
    }

    private static TestServer Server(bool connected = true, Func<SmtpdSlice, SmtpdSlice>? change = null)
    {
        var server = new TestServer(change ?? (slice => slice with { OffersTls = true }));
        if (connected) server.Server.Tls.Connect(server.Tls.Start());
        server.Settle();
        return server;
    }

    private static TestClient Secured(TestServer server)
    {
        var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("STARTTLS");
        return client;
    }

    private static Text.IpAddress Address(string text) => Text.IpAddress.TryParse(text, out var address) ? address : default;
}
