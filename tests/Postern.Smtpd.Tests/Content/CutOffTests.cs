using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Content;

/// <summary>Attacks A30, A31, H8: the connection is lost, at every byte of a message.</summary>
public class CutOffTests
{
    private const string Envelope = "MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\n";
    private const string Content = "Subject: t\r\n\r\nbody\r\n..\r\n.\r\n";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ConnectionLostBeforeTheEnd_QueuesNothing(bool abruptly)
    {
        // Whatever is missing of the end, nothing is queued: "body", "\r\n.", "\r\n.\r".
        using var server = new TestServer();
        for (var sent = 0; sent < Content.Length; sent++)
        {
            using var client = server.Connect();
            client.BeginData().Send(Content[..sent]);
            Hangs(client, abruptly);
            Assert.Equal(354, client.LastCode);
        }

        Assert.Empty(server.Queue.Committed);
        Assert.Equal((0, Content.Length), (server.Queue.Open, server.Queue.Aborted));
        Assert.Equal(0, server.Server.SessionCount);
        server.DemandService();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ConnectionLostAfterTheEnd_QueuesOneMessage(bool abruptly)
    {
        // The client will send it again; twice is allowed, never is not.
        using var server = new TestServer();
        server.Queue.Answers = false;
        using var client = server.Connect();
        client.BeginData().Send(Content);
        Hangs(client, abruptly);
        Assert.Equal("Subject: t\r\n\r\nbody\r\n.\r\n", Assert.Single(server.Queue.Committed).Content);
        // The session still waits for the queue, and ends with its word.
        Assert.Equal(1, server.Server.SessionCount);
        server.Queue.AnswerAll();
        server.Settle();
        Assert.Equal((0, 0), (server.Server.SessionCount, server.Server.Queue.OpenCount));
        server.Queue.Answers = true;
        server.DemandService();
    }

    [Theory]
    // In a chunk, between two, in the last one.
    [InlineData("BDAT 5\r\nhel")]
    [InlineData("BDAT 5\r\nhello")]
    [InlineData("BDAT 5\r\nhelloBDAT 0 LAS")]
    [InlineData("BDAT 5 LAST\r\nhell")]
    [InlineData("BDAT 10 LAST\r\n.\r\n.\r\n.\r\n")]
    public void ConnectionLostBetweenChunks_QueuesNothing(string chunk)
    {
        foreach (var abruptly in new[] { true, false })
        {
            using var server = new TestServer();
            foreach (var way in Ways.Of(Envelope + chunk))
            {
                using var client = server.Connect();
                client.Ask("EHLO c.test");
                foreach (var piece in way) client.Send(piece);
                Hangs(client, abruptly);
            }

            Assert.Empty(server.Queue.Committed);
            Assert.Equal((2, 0), (server.Queue.Aborted, server.Queue.Open));
            Assert.Equal(0, server.Server.SessionCount);
            server.DemandService();
        }
    }

    [Fact]
    public void ConnectionLostAtAnyCommand_LeavesNothing()
    {
        using var server = new TestServer();
        const string Dialogue = Envelope + "RCPT TO:<nobody@a.test>\r\nBDAT 3\r\nabcRSET\r\nMAIL FROM:<>\r\n";
        for (var sent = 0; sent <= Dialogue.Length; sent++)
        {
            using var client = server.Connect();
            client.Ask("EHLO c.test");
            client.Send(Dialogue[..sent]);
        }

        Assert.Empty(server.Queue.Committed);
        Assert.Equal((0, 0), (server.Queue.Open, server.Server.SessionCount));
        server.DemandService();
    }

    /// <summary>The client is gone, or says that it has no more to say.</summary>
    private static void Hangs(TestClient client, bool abruptly)
    {
        if (abruptly) client.Dispose();
        else client.EndSending();
    }
}
