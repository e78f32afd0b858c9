using Postern.Smtpd.Tests.Harness;
using Postern.TestKit;

namespace Postern.Smtpd.Tests.Limits;

/// <summary>Runs while no other test of the process does: what they hold would be measured, too.</summary>
[CollectionDefinition(DisableParallelization = true)]
public class AloneInTheProcess;

/// <summary>Attacks H10 and L3: more bytes than a number of 32 bits counts, and very many who say nothing.</summary>
[Collection<AloneInTheProcess>]
public class EndlessInputTests
{
    private const long MaxGrowth = 5 * 1024 * 1024;

    /// <summary>Four and a half gigabytes where there is time, else enough to see what grows.</summary>
    private static readonly long _bytes = LongForm.IsAsked ? 9L << 29 : 64L << 20;

    [Theory]
    // A line of content that never ends, for which there is room.
    [InlineData("DATA\r\n", "X: ", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    // Commands that are neither mistakes nor progress: one recipient too many.
    [InlineData("", "", "RCPT TO:<u@a.test>\r\n")]
    public void LinesAndRecipientsWithoutEnd_TakeNoMemory(string before, string first, string again)
    {
        using var server = new TestServer(head => head with { MessageSize = 2_000_000_000, Recipients = 10 });
        server.Queue.KeepsContent = false;
        using var client = server.Connect(TestServer.Friend);
        client.Ask("EHLO c.test");
        client.Send("MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\n" + before);
        client.Send(first);
        var piece = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(again, (1 << 20) / again.Length)));
        client.Send(piece);
        client.ForgetReceived();
        var held = GC.GetTotalMemory(forceFullCollection: true);
        for (long sent = 0; sent < _bytes && !client.IsClosed; sent += piece.Length)
        {
            client.Send(piece);
            client.ForgetReceived();
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, held + MaxGrowth);
        server.Queue.KeepsContent = true;
        server.DemandService();
    }

    [Fact]
    public void ThousandsOfIdleSessions_CostTheActiveOneNothing()
    {
        // L3: the same turns of the loop, whether nobody or everybody else is connected.
        const int Idle = 2000;
        using var server = new TestServer(head => head with { Connections = 10_000 });
        using var client = server.Connect(TestServer.Friend);
        client.BeginData().Send("x\r\n.\r\n");
        var alone = TurnsOfAMessage(server, client);
        for (var i = 0; i < Idle; i++) server.Connect($"192.0.{2 + (i >> 8)}.{i & 255}");
        Assert.Equal(Idle + 1, server.Server.SessionCount);
        Assert.Equal(alone, TurnsOfAMessage(server, client));
    }

    private static long TurnsOfAMessage(TestServer server, TestClient client)
    {
        var before = server.Turns;
        client.Send("MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\nBDAT 3 LAST\r\nx\r\n");
        Assert.Equal(250, client.LastCode);
        return server.Turns - before;
    }
}
