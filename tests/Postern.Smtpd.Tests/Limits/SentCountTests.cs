using Postern.Ipc.Slices;
using Postern.Smtpd.Tests.Harness;
using Postern.Smtpd.Transactions;

namespace Postern.Smtpd.Tests.Limits;

/// <summary>How much a user may send (D15).</summary>
public sealed class SentCountTests
{
    private static readonly SendingSlice _none = new() { MessagesPerHour = 0, MessagesPerDay = 0, RecipientsPerHour = 0, RecipientsPerDay = 0, HidesClient = false };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void UserBeyondTheLimit_IsPutOff(bool byChunks)
    {
        using var server = Server(_none with { MessagesPerHour = 1 });
        using var client = LoggedIn(server, "u@a.test");
        Assert.StartsWith("250 ", Send(client, byChunks), StringComparison.Ordinal);
        Assert.StartsWith("450 4.7.0", Send(client, byChunks), StringComparison.Ordinal);
        // The chunk was no command, and the session goes on.
        Assert.StartsWith("250 ", client.Ask("NOOP"), StringComparison.Ordinal);
        using var other = LoggedIn(server, "v@a.test");
        Assert.StartsWith("250 ", Send(other, byChunks), StringComparison.Ordinal);
        server.Advance(TimeSpan.FromHours(1));
        using var later = LoggedIn(server, "u@a.test");
        Assert.StartsWith("250 ", Send(later, byChunks), StringComparison.Ordinal);
        Assert.Equal(3, server.Queue.Committed.Count);
    }

    [Fact]
    public void ManyAtOnce_AreAsMany()
    {
        using var server = Server(_none with { MessagesPerHour = 1 });
        using var first = LoggedIn(server, "u@a.test");
        using var second = LoggedIn(server, "u@a.test");
        Begin(first);
        Begin(second);
        Assert.StartsWith("354 ", first.Ask("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("450 4.7.0", second.Ask("DATA"), StringComparison.Ordinal);
    }

    [Fact]
    public void WhoDidNotLogIn_HasNoSuchLimit()
    {
        using var server = Server(_none with { MessagesPerHour = 1 });
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        for (var i = 0; i < 3; i++)
        {
            client.BeginData("x@b.test", "u@a.test").Send("Subject: x\r\n\r\n.\r\n");
            Assert.StartsWith("250 ", client.LastReply, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EachLimit_Counts()
    {
        var clock = new ManualTime();
        var user = "u"u8.ToArray();
        foreach (var (limits, times, hours) in new[]
        {
            (_none, 100, 0), (_none with { MessagesPerHour = 3 }, 3, 1), (_none with { MessagesPerDay = 3 }, 3, 24),
            (_none with { RecipientsPerHour = 7 }, 3, 1), (_none with { RecipientsPerDay = 7 }, 3, 24), (_none with { RecipientsPerHour = 1 }, 0, 0),
        })
        {
            var sent = new SentCounts(clock);
            for (var i = 0; i < times; i++) Assert.True(sent.TryAdd(user, 2, limits));
            if (limits == _none) continue;
            Assert.False(sent.TryAdd(user, 2, limits));
            if (hours == 0) continue;
            clock.Advance(TimeSpan.FromHours(hours) - TimeSpan.FromSeconds(1));
            Assert.False(sent.TryAdd(user, 2, limits));
            clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(sent.TryAdd(user, 2, limits));
        }
    }

    [Fact]
    public void WhatIsRefused_DoesNotCount()
    {
        var sent = new SentCounts(new ManualTime());
        var limits = _none with { RecipientsPerHour = 5 };
        Assert.True(sent.TryAdd("u"u8.ToArray(), 3, limits));
        Assert.False(sent.TryAdd("u"u8.ToArray(), 3, limits));
        Assert.True(sent.TryAdd("u"u8.ToArray(), 2, limits));
    }

    private static string Send(TestClient client, bool byChunks)
    {
        Begin(client);
        if (!byChunks && !client.Ask("DATA").StartsWith("354", StringComparison.Ordinal)) return client.LastReply;
        client.Send(byChunks ? "BDAT 18 LAST\r\nFrom: u@a.test\r\n\r\n" : "From: u@a.test\r\n\r\n.\r\n");
        return client.LastReply;
    }

    private static void Begin(TestClient client)
    {
        client.Ask("MAIL FROM:<u@a.test>");
        Assert.StartsWith("250 ", client.Ask("RCPT TO:<x@elsewhere.test>"), StringComparison.Ordinal);
    }

    private static TestServer Server(SendingSlice limits)
    {
        var server = new TestServer(slice => slice with { OffersTls = true }) { Sending = limits };
        server.Configure(slice => slice with { OffersTls = true });
        server.Server.Tls.Connect(server.Tls.Start());
        server.Server.Logins.Connect(server.Auth.Start());
        server.Settle();
        return server;
    }

    private static TestClient LoggedIn(TestServer server, string user)
    {
        server.Auth.Answers.Enqueue("!" + user);
        var client = server.Connect(TestServer.Stranger, ServiceKind.Submission);
        client.Ask("EHLO c.test");
        client.Ask("STARTTLS");
        client.Ask("EHLO c.test");
        Assert.StartsWith("235 ", client.Ask("AUTH PLAIN AHUAcHc="), StringComparison.Ordinal);
        return client;
    }
}
