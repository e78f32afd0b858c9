using Postern.Ipc.Slices;
using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Content;

/// <summary>Attacks B4, H3 to H8: chunks are counted exactly, and nothing in one is ever a command.</summary>
public class ChunkTests
{
    private const string Envelope = "MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\n";

    [Theory]
    // H3: a length that is none leaves the next command's place unknown.
    [InlineData("BDAT -1")]
    [InlineData("BDAT 18446744073709551615")]
    [InlineData("BDAT 9223372036854775808")]
    [InlineData("BDAT 5 LASTX")]
    [InlineData("BDAT 5 LAST x")]
    [InlineData("BDAT 5 LAST LAST")]
    [InlineData("BDAT LAST")]
    [InlineData("BDAT LAST 5")]
    [InlineData("BDAT 5 5 LAST")]
    [InlineData("BDAT")]
    [InlineData("BDAT x")]
    [InlineData("BDAT 0x5")]
    [InlineData("BDAT 5e0")]
    [InlineData("BDAT 5.0")]
    [InlineData("BDAT +5")]
    [InlineData("BDAT 5,LAST")]
    [InlineData("BDAT 5\tLAST")]
    // Fullwidth and Arabic digits.
    [InlineData("BDAT \xef\xbc\x95")]
    [InlineData("BDAT \xd9\xa3")]
    public void BadChunkSize_EndsTheSession(string line)
    {
        using var server = new TestServer();
        // Without a transaction, too: the chunk would have to be passed over.
        foreach (var (before, codes) in new[] { (Envelope, "250 250 501"), ("", "501") })
        {
            foreach (var way in Ways.Of(before + line + "\r\nhelloNOOP\r\n"))
            {
                using var client = server.Connect();
                client.Ask("EHLO c.test");
                foreach (var piece in way) client.Send(piece);
                Assert.Equal(codes, string.Join(' ', client.Replies.Skip(2).Select(reply => reply[..3])));
                Assert.StartsWith("501 5.5.4 ", client.LastReply, StringComparison.Ordinal);
                Assert.True(client.IsClosed);
            }
        }

        Assert.Equal((0, 0), (server.Queue.Opened, server.Queue.Committed.Count));
        server.DemandService();
    }

    [Theory]
    [InlineData("BDAT 0 LAST\r\n", "")]
    [InlineData("BDAT 0\r\nBDAT 0 LAST\r\n", "")]
    [InlineData("BDAT 5 last\r\nhello", "hello")]
    [InlineData("BDAT 05 LAST\r\nhello", "hello")]
    [InlineData("BDAT 5  LAST\r\nhello", "hello")]
    [InlineData("BDAT 5 LAST \r\nhello", "hello")]
    [InlineData("BDAT 5\t\r\nhelloBDAT 0 LAST\r\n", "hello")]
    [InlineData("bdat 5 Last\r\nhello", "hello")]
    // H6: an end of DATA is content, a dot is a dot.
    [InlineData("BDAT 9 LAST\r\nx\r\n.\r\n.\r\n", "x\r\n.\r\n.\r\n")]
    [InlineData("BDAT 3\r\n.\r\nBDAT 4 LAST\r\n..\r\n", ".\r\n..\r\n")]
    // What once sent another server into a loop: fewer bytes than announced begin with the end of DATA.
    [InlineData("BDAT 10 LAST\r\n.\r\n1234567", ".\r\n1234567")]
    // A CRLF in two chunks.
    [InlineData("BDAT 2\r\nx\rBDAT 1 LAST\r\n\n", "x\r\n")]
    [InlineData("BDAT 2\r\nx\rBDAT 0\r\nBDAT 1\r\n\nBDAT 0 LAST\r\n", "x\r\n")]
    // Commands inside a chunk are content; H8: the next command begins exactly behind it.
    [InlineData("BDAT 12 LAST\r\nRSET\r\nQUIT\r\n", "RSET\r\nQUIT\r\n")]
    [InlineData("BDAT 13 LAST\r\nBDAT 0 LAST\r\n", "BDAT 0 LAST\r\n")]
    public void Chunks_AreStoredByteForByte(string chunks, string stored)
    {
        using var server = new TestServer();
        foreach (var way in Ways.EverySplitOf(Envelope + chunks + "NOOP\r\n"))
        {
            server.Queue.Committed.Clear();
            using var client = server.Connect();
            client.Ask("EHLO c.test");
            foreach (var piece in way) client.Send(piece);
            Assert.All(client.Replies.Skip(2), reply => Assert.StartsWith("250 ", reply, StringComparison.Ordinal));
            Assert.Equal(stored, Assert.Single(server.Queue.Committed).Content);
            Assert.Equal("250 2.0.0 Ok", client.LastReply);
        }

        server.DemandService();
    }

    [Fact]
    public void CommandRightBehindTheLastChunk_IsTheNextTransaction()
    {
        // H8: exactly split, however it comes.
        using var server = new TestServer();
        foreach (var way in Ways.EverySplitOf(Envelope + "BDAT 3 LAST\r\nabcMAIL FROM:<>\r\nRCPT TO:<v@a.test>\r\nBDAT 5 LAST\r\nRSET\nNOOP\r\n"))
        {
            server.Queue.Committed.Clear();
            using var client = server.Connect();
            client.Ask("EHLO c.test");
            foreach (var piece in way) client.Send(piece);
            Assert.Equal("250 250 250 250 250 554", string.Join(' ', client.Replies.Skip(2).Select(reply => reply[..3])));
            Assert.True(client.IsClosed);
            Assert.Equal("abc", Assert.Single(server.Queue.Committed).Content);
        }

        server.DemandService();
    }

    [Theory]
    [InlineData("BDAT 3 LAST\r\na\nb")]
    [InlineData("BDAT 3 LAST\r\na\rb")]
    [InlineData("BDAT 3 LAST\r\na\0b")]
    [InlineData("BDAT 2 LAST\r\na\r")]
    [InlineData("BDAT 2\r\na\rBDAT 1 LAST\r\nb")]
    [InlineData("BDAT 2\r\na\rBDAT 0 LAST\r\n")]
    [InlineData("BDAT 1\r\n\nBDAT 0 LAST\r\n")]
    public void BareLineEndInAChunk_RefusesTheMessage(string chunks)
    {
        // H6: sent on by DATA it would stand where another server sees the message end.
        using var server = new TestServer();
        foreach (var way in Ways.EverySplitOf(Envelope + chunks + "NOOP\r\n"))
        {
            using var client = server.Connect();
            client.Ask("EHLO c.test");
            foreach (var piece in way) client.Send(piece);
            Assert.StartsWith("554 5.6.0", client.LastReply, StringComparison.Ordinal);
            Assert.True(client.IsClosed);
        }

        Assert.Empty(server.Queue.Committed);
        Assert.Equal(0, server.Queue.Open);
        server.DemandService();
    }

    [Theory]
    // B4, H4: refused, but its bytes pass, and none of them runs; DATA behind it finds nothing to work on.
    [InlineData("", "503 250 503")]
    [InlineData("MAIL FROM:<s@f.test>\r\n", "250 503 250 503")]
    [InlineData("MAIL FROM:<s@f.test>\r\nRCPT TO:<nobody@a.test>\r\n", "250 550 554 250 554")]
    [InlineData(Envelope + "RSET\r\n", "250 250 250 503 250 503")]
    [InlineData(Envelope + "BDAT 0 LAST\r\n", "250 250 250 503 250 503")]
    public void ChunkOutOfPlace_IsPassedOver(string before, string codes)
    {
        using var server = new TestServer();
        foreach (var last in new[] { "", " LAST" })
        {
            foreach (var way in Ways.EverySplitOf(before + "BDAT 29" + last + "\r\nRSET\r\nMAIL FROM:<x@y>\r\nQUIT\r\nNOOP\r\nDATA\r\n"))
            {
                using var client = server.Connect();
                client.Ask("EHLO c.test");
                foreach (var piece in way) client.Send(piece);
                Assert.Equal(codes, string.Join(' ', client.Replies.Skip(2).Select(reply => reply[..3])));
                Assert.Equal("250 2.0.0 Ok", client.Replies[^2]);
            }
        }

        Assert.All(server.Queue.Committed, message => Assert.Equal("", message.Content));
        Assert.Equal(0, server.Queue.Open);
        server.DemandService();
    }

    [Fact]
    public void ChunkBeforeAnyHello_IsPassedOver()
    {
        using var server = new TestServer();
        foreach (var way in Ways.EverySplitOf("BDAT 12 LAST\r\nEHLO c.test\nNOOP\r\n"))
        {
            using var client = server.Connect();
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(["220", "503", "250"], client.Replies.Select(reply => reply[..3]));
        }

        server.DemandService();
    }

    [Theory]
    // H5: the two ways to send content don't mix, and a transaction has one message.
    [InlineData("BDAT 5\r\nhello", "DATA", "503")]
    [InlineData("BDAT 5\r\nhello", "MAIL FROM:<>", "503")]
    [InlineData("BDAT 5\r\nhello", "RCPT TO:<v@a.test>", "503")]
    [InlineData("BDAT 5\r\nhello", "STARTTLS", "502")]
    [InlineData("BDAT 5\r\nhello", "AUTH PLAIN AHUAcA==", "502")]
    [InlineData("BDAT 0\r\n", "DATA", "503")]
    [InlineData("BDAT 5 LAST\r\nhello", "DATA", "503")]
    [InlineData("BDAT 5 LAST\r\nhello", "BDAT 0 LAST", "503")]
    [InlineData("BDAT 5 LAST\r\nhello", "BDAT 0", "503")]
    [InlineData("BDAT 5 LAST\r\nhello", "RCPT TO:<v@a.test>", "503")]
    public void CommandAfterAChunk_IsOutOfPlace(string chunk, string line, string code)
    {
        using var server = new TestServer();
        foreach (var way in Ways.OfLines((Envelope + chunk + (chunk[^1] == 'o' ? "NOOP\r\n" : "") + line).Split("\r\n")))
        {
            server.Queue.Committed.Clear();
            using var client = server.Connect();
            client.Ask("EHLO c.test");
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(code, client.LastReply[..3]);
            // The message under way is as it was.
            client.Send("BDAT 2 LAST\r\n\r\n");
            Assert.Equal(chunk.Contains("LAST", StringComparison.Ordinal) ? 503 : 250, client.LastCode);
            Assert.Equal(chunk.Contains("LAST", StringComparison.Ordinal) ? "hello" : chunk[8..] + "\r\n", Assert.Single(server.Queue.Committed).Content);
        }

        server.DemandService();
    }

    [Theory]
    [InlineData("RSET")]
    [InlineData("EHLO c.test")]
    [InlineData("HELO c.test")]
    public void ResetBetweenChunks_ForgetsThem(string line)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Send(Envelope + "BDAT 5\r\nhello");
        client.Ask(line);
        Assert.Equal(250, client.LastCode);
        Assert.Equal((1, 0), (server.Queue.Aborted, server.Queue.Open));
        Assert.StartsWith("503 ", client.Exchange("BDAT 6 LAST\r\nQUIT\r\n"), StringComparison.Ordinal);
        client.Send(Envelope + "BDAT 3 LAST\r\nx\r\n");
        Assert.Equal("x\r\n", Assert.Single(server.Queue.Committed).Content);
        server.DemandService();
    }

    [Fact]
    public void EndlessTinyChunks_AreCutOff()
    {
        // H7: each costs the same, and there is an end to it.
        using var server = new TestServer();
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Send(Envelope);
        var group = string.Concat(Enumerable.Repeat("BDAT 1\r\nx", 1000));
        for (var i = 0; i < 110 && !client.IsClosed; i++) client.Send(group);
        Assert.True(client.IsClosed);
        Assert.StartsWith("421 4.7.0 ", client.LastReply, StringComparison.Ordinal);
        Assert.Equal((1, 0), (server.Queue.Aborted, server.Queue.Open));
        server.DemandService();
    }

    [Fact]
    public void LargeChunks_AreJoined()
    {
        using var server = new TestServer(head => head with { MessageSize = 10_000_000 });
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Send(Envelope);
        var line = new string('q', 78) + "\r\n";
        var first = string.Concat(Enumerable.Repeat(line, 10_000));
        client.Send($"BDAT {first.Length}\r\n{first}");
        client.Send($"BDAT {first.Length + 3} LAST\r\n{first}..x");
        Assert.Equal(250, client.LastCode);
        Assert.True(Assert.Single(server.Queue.Committed).Content == first + first + "..x");
    }

    [Fact]
    public void LmtpChunks_AreAnsweredForEachRecipientAfterTheLast()
    {
        using var server = new TestServer();
        using var client = server.Connect(service: ServiceKind.Lmtp);
        client.Ask("LHLO c.test");
        client.Send("MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\nRCPT TO:<v@a.test>\r\nBDAT 3\r\nx\r\nBDAT 3 LAST\r\ny\r\n");
        Assert.Equal("250 250 250 250 250 250", string.Join(' ', client.Replies.Skip(2).Select(reply => reply[..3])));
        Assert.Equal("x\r\ny\r\n", Assert.Single(server.Queue.Committed).Content);
    }
}
