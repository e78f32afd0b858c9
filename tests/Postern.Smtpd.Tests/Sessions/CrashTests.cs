using Postern.Ipc.Slices;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Sessions;

/// <summary>A failure of ours in one session: that session ends, the others do not notice.</summary>
public class CrashTests
{
    [Fact]
    public void FailureInASession_EndsThatSessionOnly()
    {
        using var server = new TestServer();
        using var other = server.Connect();
        other.BeginData();
        using var client = server.Connect();
        client.BeginData();
        server.Time.FailsOnce = true;
        client.Send("x\r\n.\r\n");
        Assert.StartsWith("421 4.3.0", client.LastReply, StringComparison.Ordinal);
        Assert.True(client.IsClosed);
        Assert.Contains("error smtpd session-crashed client=192.0.2.7 error=\"", server.Log.ToString(), StringComparison.Ordinal);
        Assert.Equal((1, 1), (server.Queue.Aborted, server.Server.SessionCount));
        server.Log.Clear();
        other.Send("x\r\n.\r\n");
        Assert.Equal(250, other.LastCode);
        server.DemandService();
    }

    [Fact]
    public void EverySession_LeavesItsLinesInTheLog()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<s@f.test>");
        client.Ask("RCPT TO:<no\"\\body@a.test>");
        client.Ask("RCPT TO:<\"no \\\"body\"@a.test>");
        client.Ask("RCPT TO:<u@a.test>");
        client.Ask("DATA");
        client.Send("12345678\r\n.\r\n");
        var lines = server.Log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            "2026-03-01T12:00:00.000Z info smtpd accepted client=192.0.2.7 id=0000000000001 from=\"s@f.test\" to=\"u@a.test\" rcpts=1 size=10 helo=\"c.test\" tls=- user=\"\"",
            lines[^1]);
        Assert.Contains("recipient-refused client=192.0.2.7 from=\"s@f.test\" to=\"", lines[^2], StringComparison.Ordinal);
        Assert.Contains("reply=\"550 5.1.1 ", lines[^2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ServiceKind.Smtp, "EHLO c.test")]
    [InlineData(ServiceKind.Lmtp, "LHLO c.test")]
    public void AcceptedMessage_IsLoggedWithItsRecipients(ServiceKind service, string hello)
    {
        using var server = new TestServer();
        using var client = server.Connect(TestServer.Friend, service);
        client.Ask(hello);
        client.Ask("MAIL FROM:<>");
        client.Ask("RCPT TO:<U@a.test>");
        client.Ask("RCPT TO:<nobody@a.test>");
        client.Ask("RCPT TO:<v@a.test>");
        client.Ask("DATA");
        client.Send("12345678\r\n.\r\n");
        Assert.Contains("accepted client=10.1.2.3 id=0000000000001 from=\"\" to=\"U@a.test,v@a.test\" rcpts=2 ", server.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void MessageToAThousand_IsLoggedWithTheFirstTwentyOfThem()
    {
        using var server = new TestServer();
        using var client = server.Connect(TestServer.Friend);
        client.Ask("EHLO c.test");
        client.Ask("MAIL FROM:<s@f.test>");
        for (var i = 1; i <= 1000; i++) client.Ask($"RCPT TO:<x{i}@f.test>");
        client.Ask("DATA");
        client.Send("12345678\r\n.\r\n");
        Assert.Contains(" to=\"x1@f.test,x2@f.test,", server.Log.ToString(), StringComparison.Ordinal);
        Assert.Contains(",x20@f.test,+980\" rcpts=1000 size=10 helo=\"c.test\" tls=- user=\"\"\n", server.Log.ToString(), StringComparison.Ordinal);
    }
}
