using Postern.Ipc.Slices;
using Postern.Ipc.Submission;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Commands;

/// <summary>Attacks B3, B4, K2: what comes behind a message that was refused or taken needs a MAIL and recipients of its own.</summary>
public class RefusedTransactionTests
{
    private const string Envelope = "MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\n";

    /// <summary>Content, the queue's word on it, and the code that answers it.</summary>
    public static TheoryData<string, SubmissionOutcome, int> Messages => new()
    {
        { "x\r\n", SubmissionOutcome.Committed, 250 },
        { "more than ten bytes\r\n", SubmissionOutcome.Committed, 552 },
        { string.Concat(Enumerable.Repeat("Received:\r\n", 101)), SubmissionOutcome.Committed, 554 },
        { "x\r\n", SubmissionOutcome.TooLarge, 552 },
        { "x\r\n", SubmissionOutcome.Full, 452 },
        { "x\r\n", SubmissionOutcome.Draining, 451 },
        { "x\r\n", SubmissionOutcome.Failed, 451 },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void TransactionBehindAMessage_StartsFromNothing(string content, SubmissionOutcome outcome, int code)
    {
        foreach (var message in new[] { $"DATA\r\n|{content}.\r\n", $"BDAT {content.Length} LAST\r\n{content}" })
        {
            foreach (var next in new[] { "DATA\r\n", "RCPT TO:<v@a.test>\r\n", "BDAT 6 LAST\r\nQUIT\r\n", "BDAT 0\r\n" })
            {
                using var server = new TestServer(head => head with { MessageSize = code == 552 ? 10u : 10_000u });
                server.Queue.Outcome = outcome;
                using var client = server.Connect();
                client.Ask("EHLO c.test");
                client.Send(Envelope);
                foreach (var piece in message.Split('|')) client.Send(piece);
                Assert.Equal(code, client.LastCode);
                Assert.Equal("503 ", client.Exchange(next)[..4]);
                // Half of an envelope does not count either.
                Assert.StartsWith("250 2.1.0 ", client.Ask("MAIL FROM:<s@f.test>"), StringComparison.Ordinal);
                Assert.StartsWith("503 5.5.1 ", client.Ask("DATA"), StringComparison.Ordinal);
                Demand(server, code == 250 ? 1 : 0);
            }
        }
    }

    [Theory]
    // B4: the chunk is not the last, or there was none before; what the client had sent already finds no transaction.
    [InlineData("BDAT 20\r\nmore than ten bytes\n", "552")]
    [InlineData("BDAT 6\r\n123456BDAT 6\r\n123456", "250 552")]
    [InlineData("RSET\r\nBDAT 5\r\nxxxxx", "250 503")]
    public void TransactionBehindARefusedChunk_StartsFromNothing(string chunks, string codes)
    {
        using var server = new TestServer(head => head with { MessageSize = 10 });
        foreach (var way in Ways.EverySplitOf(Envelope + chunks + "RCPT TO:<v@a.test>\r\nBDAT 6 LAST\r\nQUIT\r\nBDAT 0\r\nDATA\r\n"))
        {
            using var client = server.Connect();
            client.Ask("EHLO c.test");
            foreach (var piece in way) client.Send(piece);
            Assert.Equal($"250 250 {codes} 503 503 503 503", string.Join(' ', client.Replies.Skip(2).Select(reply => reply[..3])));
            Assert.False(client.IsClosed);
        }

        Demand(server, 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SecondMessage_HasItsOwnEnvelopeOnly(bool firstIsRefused)
    {
        using var server = new TestServer(head => head with { MessageSize = 10 });
        using var client = server.Connect();
        client.BeginData("s@f.test", "u@a.test", "v@a.test").Send(firstIsRefused ? "more than ten bytes\r\n.\r\n" : "one\r\n.\r\n");
        client.Send("MAIL FROM:<>\r\nRCPT TO:<user@a.test>\r\nBDAT 5 LAST\r\ntwo\r\n");
        Assert.Equal(250, client.LastCode);
        var message = server.Queue.Committed[^1];
        Assert.Equal(("", "user@a.test", "two\r\n"), (message.Sender, Assert.Single(message.Recipients), message.Content));
        Demand(server, firstIsRefused ? 1 : 2);
    }

    [Theory]
    [InlineData("BDAT 3 LAST\r\nx\r\n", "451 451")]
    [InlineData("BDAT 3\r\nx\r\n", "451")]
    public void LmtpChunkWithoutAQueue_IsAnsweredAsOftenAsWithOne(string chunk, string codes)
    {
        // RFC 2033 §4.2: the client counts a reply per recipient behind the last chunk, whatever they say.
        using var server = new TestServer();
        using var client = server.Connect(service: ServiceKind.Lmtp);
        client.Ask("LHLO c.test");
        client.Send("MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\nRCPT TO:<v@a.test>\r\nRCPT TO:<nobody@a.test>\r\n");
        server.Queue.Die();
        server.Settle();
        client.Send(chunk + "NOOP\r\n");
        server.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal($"250 250 250 550 {codes} 250", string.Join(' ', client.Replies.Skip(2).Select(reply => reply[..3])));
        server.Server.Queue.Connect(server.Queue.Start());
        Demand(server, 0);
    }

    /// <summary>So many messages exist, and nothing is left of the others that anyone could be notified about (K2).</summary>
    private static void Demand(TestServer server, int messages)
    {
        Assert.Equal((messages, 0), (server.Queue.Committed.Count, server.Queue.Open));
        server.Queue.Outcome = SubmissionOutcome.Committed;
        if (server.Server.Settings.MessageSize > 100) server.DemandService();
    }
}
