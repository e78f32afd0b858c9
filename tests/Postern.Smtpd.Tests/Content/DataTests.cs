using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Content;

/// <summary>SECURITY A28 to A33, G1, G2, G6, G8: what DATA stores, byte for byte, and what it refuses.</summary>
public class DataTests
{
    public static TheoryData<string, string> Messages => new()
    {
        // A28: stuffed dots, at the very start, alone on a line, in front of the end.
        { "..x\r\n..\r\n...\r\n..x\r\n", ".x\r\n.\r\n..\r\n.x\r\n" },
        { ".x\r\n", "x\r\n" },
        { "..\r\n", ".\r\n" },
        // A29: the end right behind 354 ends an empty message.
        { "", "" },
        // No header, no empty line, a line without a colon, an empty name, a folded first line: content is opaque (G1).
        { "\r\n", "\r\n" },
        { "Bad header\r\n\r\nx\r\n", "Bad header\r\n\r\nx\r\n" },
        { " folded: first\r\n: empty\r\nN\xffme: v\r\n", " folded: first\r\n: empty\r\nN\xffme: v\r\n" },
        { "Subject: only a header\r\n", "Subject: only a header\r\n" },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void Content_IsStoredWithoutItsStuffing(string sent, string stored)
    {
        using var server = new TestServer();
        foreach (var way in Ways.EverySplitOf(sent + ".\r\n"))
        {
            server.Queue.Committed.Clear();
            using var client = server.Connect();
            client.BeginData();
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(250, client.LastCode);
            Assert.Equal(stored, Assert.Single(server.Queue.Committed).Content);
        }

        server.DemandService();
    }

    [Theory]
    // A30, A31: whatever is missing of the end, nothing is queued.
    [InlineData("body")]
    [InlineData("body\r")]
    [InlineData("body\r\n")]
    [InlineData("body\r\n.")]
    [InlineData("body\r\n.\r")]
    public void ConnectionLostBeforeTheEnd_QueuesNothing(string sent)
    {
        using var server = new TestServer();
        using (var client = server.Connect()) client.BeginData().Send(sent);
        Assert.Empty(server.Queue.Committed);
        Assert.Equal(0, server.Queue.Open);
        Assert.Equal(0, server.Server.SessionCount);
        server.DemandService();
    }

    [Fact]
    public void ConnectionLostAfterTheEnd_QueuesOneMessage()
    {
        // A31: the client will send it again; twice is allowed, never is not.
        using var server = new TestServer();
        server.Queue.Answers = false;
        using (var client = server.Connect()) client.BeginData().Send("body\r\n.\r\n");
        Assert.Single(server.Queue.Committed);
    }

    [Fact]
    public void EndAcrossAnyBufferBorder_IsFound()
    {
        // A33: around the size of each buffer that content passes, and of what is left of the first piece.
        using var server = new TestServer();
        foreach (var size in new[] { 4096, 8192, 15 * 1024, 16 * 1024, 31 * 1024, 64 * 1024, 80 * 1024 })
        {
            for (var length = size - 5; length <= size + 5; length++)
            {
                server.Queue.Committed.Clear();
                using var client = server.Connect();
                var body = new string('x', length);
                client.BeginData().Send(body + "\r\n.\r\nNOOP\r\n");
                Assert.Equal(250, client.LastCode);
                Assert.Equal(body + "\r\n", Assert.Single(server.Queue.Committed).Content);
            }
        }

        server.DemandService();
    }

    [Fact]
    public void EndInSmallSegmentsAcrossABufferBorder_IsFound()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        var body = new string('x', (16 * 1024) - 1200);
        client.BeginData().Send(body);
        for (var i = 0; i < 400; i++) client.Send("\r\n..");
        client.Send("\r");
        client.Send("\n.\r");
        client.Send("\n");
        Assert.Equal(body + string.Concat(Enumerable.Repeat("\r\n.", 400)) + "\r\n", Assert.Single(server.Queue.Committed).Content);
    }

    [Theory]
    // G2: no limit on the length of a line but that of the message, and no line is ever cut.
    [InlineData(998)]
    [InlineData(999)]
    [InlineData(1000)]
    [InlineData(1002)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void LongLine_IsKeptWhole(int length)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        var line = new string('a', length) + ".\r\n";
        client.BeginData().Send("Subject: t\r\n\r\n" + line + ".\r\n");
        Assert.Equal(250, client.LastCode);
        Assert.Equal("Subject: t\r\n\r\n" + line, Assert.Single(server.Queue.Committed).Content);
    }

    [Fact]
    public void HeaderOfAnyShape_PassesWithinTheSizeLimit()
    {
        // G1: one line of a megabyte, a hundred thousand fields, one field folded fifty thousand times.
        using var server = new TestServer(head => head with { MessageSize = 4_000_000 });
        foreach (var header in new[]
                 {
                     "X: " + new string('y', 1_000_000) + "\r\n",
                     string.Concat(Enumerable.Repeat("X-Number: 1\r\n", 100_000)),
                     "X: y" + string.Concat(Enumerable.Repeat("\r\n z", 50_000)) + "\r\n",
                     new string('n', 65_536) + ": y\r\n",
                 })
        {
            server.Queue.Committed.Clear();
            using var client = server.Connect();
            client.BeginData().Send(header + "\r\nbody\r\n.\r\n");
            Assert.Equal(header + "\r\nbody\r\n", Assert.Single(server.Queue.Committed).Content);
        }

        server.DemandService();
    }

    [Theory]
    [InlineData(100, 250)]
    [InlineData(101, 554)]
    public void HundredHops_AreTheLimit(int hops, int code)
    {
        // G6, RFC 5321 §6.3.
        using var server = new TestServer();
        var content = string.Concat(Enumerable.Repeat("ReCeived: from a\r\n\tby b\r\n", hops)) + "\r\nbody\r\n";
        foreach (var way in Ways.Of(content + ".\r\n"))
        {
            using var client = server.Connect();
            client.BeginData();
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(code, client.LastCode);
            if (code == 554) Assert.StartsWith("554 5.4.6 ", client.LastReply, StringComparison.Ordinal);
            Assert.StartsWith("250 ", client.Ask("NOOP"), StringComparison.Ordinal);
        }

        Assert.Equal(code == 250 ? 2 : 0, server.Queue.Committed.Count);
        Assert.Equal(0, server.Queue.Open);
        server.DemandService();
    }

    [Fact]
    public void TraceLinesInTheBody_AreNotHops()
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.BeginData().Send("Subject: t\r\n\r\n" + string.Concat(Enumerable.Repeat("Received: x\r\n", 200)) + ".\r\n");
        Assert.Equal(250, client.LastCode);
    }

    [Theory]
    [InlineData(0, 250)]
    [InlineData(1, 552)]
    public void SizeLimit_CountsContentAsStored(int above, int code)
    {
        // G8. RFC 1870 §5: CRLF counts, the end and doubled dots do not, and neither does our trace line.
        using var server = new TestServer(head => head with { MessageSize = 1000 });
        var content = ".." + new string('x', 997 + above) + "\r\n";
        foreach (var way in Ways.EverySplitOf(content + ".\r\n"))
        {
            server.Queue.Committed.Clear();
            using var client = server.Connect();
            client.BeginData();
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(code, client.LastCode);
            Assert.Equal(code == 250 ? 1 : 0, server.Queue.Committed.Count);
            Assert.StartsWith("250 ", client.Ask("NOOP"), StringComparison.Ordinal);
        }

        Assert.Equal(0, server.Queue.Open);
        server.DemandService();
    }

    [Fact]
    public void OversizeMessage_IsPassedOverToItsTrueEnd()
    {
        // A32: behind the limit nothing is judged and nothing runs; one reply comes at the end.
        using var server = new TestServer(head => head with { MessageSize = 100 });
        const string Content = ".\n.\r\0HELP\r\nHELP\r\n\n.\nMAIL FROM:<evil@bank.test>\r\n\r.\r\n..\r\n";
        foreach (var way in Ways.EverySplitOf(new string('x', 101) + Content + "x\r\n.\r\nNOOP\r\n"))
        {
            using var client = server.Connect();
            client.BeginData();
            var before = client.Replies.Count;
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(["552", "250"], client.Replies.Skip(before).Select(reply => reply[..3]));
        }

        Assert.Empty(server.Queue.Committed);
        server.DemandService();
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
    public void EndlessMessage_IsCutOff()
    {
        // G8: reading on is bounded, and so is what is kept of it.
        using var server = new TestServer(head => head with { MessageSize = 1000 });
        using var client = server.Connect();
        client.BeginData();
        var piece = new string('x', 256 * 1024);
        for (var i = 0; i < 200 && !client.IsClosed; i++) client.Send(piece);
        Assert.True(client.IsClosed);
        Assert.Equal(552, client.LastCode);
        Assert.Equal(0, server.Queue.Open);
        server.DemandService();
    }

    [Fact]
    public void LargeMessage_ComesInFewLargePiecesWithinTheCredit()
    {
        using var server = new TestServer(head => head with { MessageSize = 5_000_000 });
        using var client = server.Connect();
        var line = new string('z', 78) + "\r\n";
        var body = string.Concat(Enumerable.Repeat(line, 50_000));
        client.BeginData().Send(body + ".\r\n");
        var message = Assert.Single(server.Queue.Committed);
        Assert.True(message.Content == body);
        Assert.True(message.Pieces.Count < 2 + (body.Length / 60_000), $"{message.Pieces.Count} pieces");
    }
}
