using Postern.Smtpd.Tests.Harness;
using Postern.TestKit.Attacks;

namespace Postern.Smtpd.Tests.Content;

/// <summary>Attacks A32, G8, H4: messages at the size limit, beyond it, and without end.</summary>
public class SizeTests
{
    [Theory]
    [InlineData(0, 250)]
    [InlineData(1, 552)]
    public void SizeLimit_CountsContentAsStored(int above, int code)
    {
        // RFC 1870 §5: CRLF counts, the end and doubled dots do not, and neither does our trace line.
        using var server = new TestServer(head => head with { MessageSize = 200 });
        var stored = ".\r\n." + new string('x', 191 + above) + "\r\n.\r\n";
        Assert.Equal(200 + above, stored.Length);
        foreach (var way in Ways.EverySplitOf("." + stored.Replace("\r\n.", "\r\n..", StringComparison.Ordinal) + ".\r\n"))
        {
            using var client = server.Connect();
            client.BeginData();
            Judge(server, client, way, code, stored);
        }

        server.DemandService();
    }

    [Theory]
    [InlineData(0, 250)]
    [InlineData(1, 552)]
    public void SizeLimit_IsTheSameForChunks(int above, int code)
    {
        using var server = new TestServer(head => head with { MessageSize = 200 });
        var stored = ".\r\n" + new string('x', 192 + above) + "\r\n.\r\n";
        Assert.Equal(200 + above, stored.Length);
        foreach (var first in new[] { 0, 1, 2, 199, 200, stored.Length })
        {
            var chunks = first == stored.Length
                ? $"BDAT {first} LAST\r\n{stored}"
                : $"BDAT {first}\r\n{stored[..first]}BDAT {stored.Length - first} LAST\r\n{stored[first..]}";
            foreach (var way in Ways.Of("MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\n" + chunks))
            {
                using var client = server.Connect();
                client.Ask("EHLO c.test");
                Judge(server, client, way, code, stored);
            }
        }

        server.DemandService();
    }

    [Fact]
    public void OversizeMessage_IsPassedOverToItsTrueEnd()
    {
        // A32: behind the limit nothing is judged and nothing runs; one reply comes at the end.
        using var server = new TestServer(head => head with { MessageSize = 100 });
        const string Content = ".\n.\r\0HELP\r\nHELP\r\n\n.\nMAIL FROM:<evil@bank.test>\r\n\r.\r\n..\r\n.\r\r\n.\r\0\n. \r\n";
        foreach (var way in Ways.EverySplitOf(new string('x', 101) + Content + "x\r\n.\r\nNOOP\r\n"))
        {
            using var client = server.Connect();
            client.BeginData();
            var before = client.Replies.Count;
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(["552 5.3.4", "250 2.0.0"], client.Replies.Skip(before).Select(reply => reply[..9]));
            Assert.False(client.IsClosed);
        }

        Assert.Empty(server.Queue.Committed);
        Assert.Equal(0, server.Queue.Open);
        server.DemandService();
    }

    public static TheoryData<string> Sequences => [.. EndSequences.Refused.Concat(EndSequences.Allowed).Select(sequence => sequence.Id)];

    [Theory]
    [MemberData(nameof(Sequences))]
    public void SequenceBehindTheLimit_EndsNothing(string id)
    {
        // A32: the rest is passed over with the same eyes as content is read with: one end, and it is CRLF.CRLF.
        using var server = new TestServer(head => head with { MessageSize = 100 });
        var attack = EndSequences.All.Single(sequence => sequence.Id == id).Attack;
        foreach (var way in Ways.EverySplitOf(new string('x', 101) + attack + ".\r\nNOOP\r\n"))
        {
            using var client = server.Connect();
            client.BeginData();
            var before = client.Replies.Count;
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(["552 5.3.4", "250 2.0.0"], client.Replies.Skip(before).Select(reply => reply[..9]));
        }

        Assert.DoesNotContain("v@a.test", server.Directory.Asked);
        Assert.Equal((0, 0), (server.Queue.Committed.Count, server.Queue.Open));
        server.DemandService();
    }

    [Theory]
    // A32: where exactly the limit strikes must not matter to where the end is found: in a CRLF, at a dot, in a stuffed one.
    [InlineData("\r\n.\r\n", "\r\n", "")]
    [InlineData("\r\n..\r\n.\r\n", "\r\n.\r\n", "")]
    [InlineData("\r\n.x\r\n\r\n.\r\n", "\r\nx\r\n\r\n", "")]
    [InlineData("\r\n.\r\nHELP\r\n", "\r\n", "214 ")]
    [InlineData("\r\n\r\n.\r\nHELP\r\n", "\r\n\r\n", "214 ")]
    public void EndAroundTheLimit_IsTheEnd(string end, string storedEnd, string next)
    {
        for (var length = 50 - end.Length; length <= 51; length++)
        {
            using var server = new TestServer(head => head with { MessageSize = 50 });
            var stored = new string('x', length) + storedEnd;
            foreach (var way in Ways.EverySplitOf(new string('x', length) + end + "QUIT\r\n"))
            {
                server.Queue.Committed.Clear();
                using var client = server.Connect();
                client.BeginData();
                var before = client.Replies.Count;
                foreach (var piece in way) client.Send(piece);
                var codes = string.Concat(client.Replies.Skip(before).Select(reply => reply[..4]));
                Assert.Equal((stored.Length <= 50 ? "250 " : "552 ") + next + "221 ", codes);
                Assert.Equal(stored.Length <= 50 ? [stored] : [], server.Queue.Committed.Select(message => message.Content));
            }

            Assert.Equal(0, server.Queue.Open);
        }
    }

    [Fact]
    public void FaultBeforeTheSizeLimit_WinsHoweverTheBytesCome()
    {
        using var server = new TestServer(head => head with { MessageSize = 20 });
        foreach (var way in Ways.EverySplitOf("0123456789\nabcdefghijklmnop\r\n.\r\n"))
        {
            using var client = server.Connect();
            client.BeginData();
            foreach (var piece in way) client.Send(piece);
            Assert.StartsWith("554 5.6.0", client.LastReply, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ChunkBeyondTheSizeLimit_IsPassedOverAndEndsTheTransaction()
    {
        // H4: commands in it, and in the chunks that were sent before our reply could be read, never run.
        using var server = new TestServer(head => head with { MessageSize = 10 });
        const string Chunks = "MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\n"
            + "BDAT 6\r\n123456BDAT 12\r\nQUIT\r\nQUIT\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\nRCPT TO:<v@a.test>\r\nDATA\r\n";
        foreach (var way in Ways.EverySplitOf(Chunks))
        {
            using var client = server.Connect();
            client.Ask("EHLO c.test");
            foreach (var piece in way) client.Send(piece);
            Assert.Equal("250 250 250 552 503 250 503 503", string.Join(' ', client.Replies.Skip(2).Select(reply => reply[..3])));
        }

        Assert.Empty(server.Queue.Committed);
        Assert.Equal(0, server.Queue.Open);
    }

    [Theory]
    [InlineData("BDAT 9223372036854775807 LAST\r\n")]
    [InlineData("BDAT 9223372036854775807\r\n")]
    [InlineData("BDAT 4294967296\r\n")]
    public void ChunkOfAnyLength_TakesNoMemoryForItsAnnouncement(string chunk)
    {
        // H2, H3: nothing is set aside for what was announced, and nobody waits for its end.
        using var server = new TestServer(head => head with { MessageSize = 1000 });
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Send("MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\n" + chunk + "x");
        Assert.Equal(["250", "250"], client.Replies.Skip(2).Select(reply => reply[..3]));
        Feed(client);
        Assert.StartsWith("552 5.3.4 ", client.LastReply, StringComparison.Ordinal);
        Assert.Equal(0, server.Queue.Open);
        server.DemandService();
    }

    [Theory]
    // G8: reading on is bounded, and so is what is kept of it. Nothing of it would be a command to anybody, too.
    [InlineData("")]
    [InlineData("\r\n.\nQUIT\r\n")]
    public void EndlessMessage_IsCutOff(string line)
    {
        using var server = new TestServer(head => head with { MessageSize = 1000 });
        using var client = server.Connect();
        client.BeginData().Send(new string('x', 1001) + line);
        Feed(client);
        Assert.StartsWith("552 5.3.4 ", client.LastReply, StringComparison.Ordinal);
        Assert.Equal(0, server.Queue.Open);
        server.DemandService();
    }

    [Fact]
    public void RefusedChunkBeyondAnyMessage_IsNotWaitedFor()
    {
        // H4: the bytes of a refused chunk are passed over, but not those of one that has no end.
        using var server = new TestServer(head => head with { MessageSize = 1000 });
        using var client = server.Connect();
        client.Ask("EHLO c.test");
        client.Send("BDAT 9223372036854775807\r\nRSET\r\nQUIT\r\n");
        Assert.StartsWith("503 5.5.1 ", client.LastReply, StringComparison.Ordinal);
        Assert.True(client.IsClosed);
        server.DemandService();
    }

    /// <summary>Sends up to fifty megabytes; the server has to end it.</summary>
    private static void Feed(TestClient client)
    {
        var piece = new string('x', 256 * 1024);
        for (var i = 0; i < 200 && !client.IsClosed; i++) client.Send(piece);
        Assert.True(client.IsClosed);
    }

    private static void Judge(TestServer server, TestClient client, string[] way, int code, string stored)
    {
        server.Queue.Committed.Clear();
        foreach (var piece in way) client.Send(piece);
        Assert.Equal(code, client.LastCode);
        Assert.Equal(code == 250 ? [stored] : [], server.Queue.Committed.Select(message => message.Content));
        Assert.StartsWith("250 2.0.0 Ok", client.Ask("NOOP"), StringComparison.Ordinal);
        Assert.Equal(0, server.Queue.Open);
    }
}
