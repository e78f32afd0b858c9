using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Content;

/// <summary>Attacks A28, A29, A33, G2: what DATA stores, byte for byte.</summary>
public class DataTests
{
    public static TheoryData<string, string> Messages => new()
    {
        // A28: stuffed dots, at the very start, alone on a line, in front of the end.
        { "..x\r\n..\r\n...\r\n..x\r\n", ".x\r\n.\r\n..\r\n.x\r\n" },
        { ".x\r\n", "x\r\n" },
        { "..\r\n", ".\r\n" },
        { "x\r\n..\r\n\r\n..", "x\r\n.\r\n\r\n." },
        // A29: the end right behind 354 ends an empty message.
        { "", "" },
        // No header, no empty line, a line without a colon, an empty name: content is opaque (G1). A folded first line is kept, too,
        // but would continue our trace line, so an empty line goes between (G9).
        { "\r\n", "\r\n" },
        { "Bad header\r\n\r\nx\r\n", "Bad header\r\n\r\nx\r\n" },
        { " folded: first\r\n: empty\r\nN\xffme: v\r\n", "\r\n folded: first\r\n: empty\r\nN\xffme: v\r\n" },
        { "Subject: only a header\r\n", "Subject: only a header\r\n" },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void Content_IsStoredWithoutItsStuffing(string sent, string stored)
    {
        // Where the last line above lacks its CRLF, that of the end is its own.
        if (sent.Length > 0 && !sent.EndsWith('\n')) (sent, stored) = (sent + "\r\n", stored + "\r\n");
        using var server = new TestServer();
        foreach (var way in Ways.EverySplitOf(sent + ".\r\n"))
        {
            server.Queue.Committed.Clear();
            using var client = server.Connect();
            client.BeginData();
            var before = client.Replies.Count;
            foreach (var piece in way) client.Send(piece);
            Assert.StartsWith("250 2.0.0 ", Assert.Single(client.Replies.Skip(before)), StringComparison.Ordinal);
            Assert.Equal(stored, Assert.Single(server.Queue.Committed).Content);
            Assert.False(client.IsClosed);
        }

        server.DemandService();
    }

    [Fact]
    public void EndAcrossAnyBufferBorder_IsFound()
    {
        // A33: around the size of each buffer that content passes, and of what is left of the first piece, which begins
        // behind the room for the trace line, and of the larger pieces behind it.
        using var server = new TestServer();
        foreach (var size in new[] { 4096, 8192, 15 * 1024, 16 * 1024, 31 * 1024, 64 * 1024, 79 * 1024, 80 * 1024, 143 * 1024 })
        {
            for (var length = size - 5; length <= size + 5; length++)
            {
                server.Queue.Committed.Clear();
                using var client = server.Connect();
                var body = new string('x', length);
                client.BeginData().Send(body + "\r\n.\r\nNOOP\r\n");
                Assert.Equal(["250", "250"], client.Replies.TakeLast(2).Select(reply => reply[..3]));
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

    [Fact]
    public void FalseEndAcrossAnyBufferBorder_IsRefused()
    {
        // A1, A6, A15 where a buffer ends: what is forgotten between two reads would be forgotten here.
        using var server = new TestServer();
        foreach (var size in new[] { 4096, 15 * 1024, 16 * 1024, 79 * 1024 })
        {
            foreach (var end in new[] { "\n.\n", "\r\n.\n", "\r\n.\r\r\n" })
            {
                for (var length = size - 5; length <= size + 1; length++)
                {
                    using var client = server.Connect();
                    client.BeginData().Send(new string('x', length) + end + "NOOP\r\n\r\n.\r\n");
                    Assert.StartsWith("554 5.6.0 ", client.LastReply, StringComparison.Ordinal);
                    Assert.True(client.IsClosed);
                }
            }
        }

        Assert.Empty(server.Queue.Committed);
        server.DemandService();
    }

    [Theory]
    // G2: no limit on the length of a line but that of the message, and no line is ever cut.
    [InlineData(998)]
    [InlineData(999)]
    [InlineData(1000)]
    [InlineData(1001)]
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
