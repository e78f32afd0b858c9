using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Content;

/// <summary>Attacks G1, G6, G7: headers that are huge, strange or forged. Content is opaque: it passes, and nobody believes it.</summary>
public class HeaderTests
{
    public static TheoryData<string, string> Headers => new()
    {
        { "one line of ten megabytes", "X: " + new string('y', 10_000_000) + "\r\n" },
        { "a hundred thousand fields", string.Concat(Enumerable.Repeat("X-Number: 1\r\n", 100_000)) },
        { "one field folded fifty thousand times", "X: y" + string.Concat(Enumerable.Repeat("\r\n z", 50_000)) + "\r\n" },
        { "a name of 64 kilobytes", new string('n', 65_536) + ": y\r\n" },
        { "a first line that is folded", " leading: space\r\nX: y\r\n" },
        { "an empty name", ": x\r\n" },
        { "no colon", "Bad header\r\nX: y\r\n" },
        { "eight bits in a name", "N\xe4me: y\r\n" },
        { "white space in front of the colon", "Received : x\r\nFrom\t: y\r\n" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void HeaderOfAnyShape_PassesWithinTheSizeLimit(string shape, string header)
    {
        Assert.NotEmpty(shape);
        using var server = new TestServer(head => head with { MessageSize = 11_000_000 });
        // Missing: the empty line, and the body with it.
        foreach (var content in new[] { header + "\r\nbody\r\n", header })
        {
            using var client = server.Connect();
            client.BeginData().Send(content + ".\r\n");
            Assert.Equal(250, client.LastCode);
            // An empty line is put in front of a folded first line, nothing anywhere else.
            var gap = header.StartsWith(' ') ? "\r\n" : "";
            Assert.True(server.Queue.Committed[^1].Content == gap + content);
        }

        Assert.Equal(2, server.Queue.Committed.Count);
        server.DemandService();
    }

    [Theory]
    // G9: what would be read as a part of the field that we put on top, and so as our own word.
    [InlineData(" (verified by mx.a.test, dkim=pass)\r\n\tfrom bank.test ([192.0.2.1])\r\nSubject: x\r\n\r\nx\r\n")]
    [InlineData("\tfor <v@a.test>; Sun, 01 Mar 2026 12:00:00 +0000\r\n\r\nx\r\n")]
    [InlineData(" \r\n")]
    [InlineData("\t\r\n x\r\n")]
    public void FirstLineThatIsFolded_IsPartedFromOurTrace(string content)
    {
        using var server = new TestServer();
        const string Envelope = "MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\n";
        var half = content.Length / 2;
        var ways = Ways.EverySplitOf($"{Envelope}BDAT {content.Length} LAST\r\n{content}")
            .Concat(Ways.Of($"{Envelope}BDAT 0\r\nBDAT {half}\r\n{content[..half]}BDAT {content.Length - half} LAST\r\n{content[half..]}"))
            .Concat(Ways.EverySplitOf(content + ".\r\n").Select(way => (string[])[Envelope + "DATA\r\n", .. way]));
        foreach (var way in ways)
        {
            server.Queue.Committed.Clear();
            using var client = server.Connect();
            client.Ask("EHLO c.test");
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(250, client.LastCode);
            // The empty line ends our header; behind it the content is whole.
            Assert.Equal("\r\n" + content, Assert.Single(server.Queue.Committed).Content);
        }

        server.DemandService();
    }

    [Fact]
    public void LongMessageThatBeginsFolded_IsPartedFromOurTraceOnce()
    {
        // Content of many pieces, of which more than the first begin with a space.
        using var server = new TestServer(head => head with { MessageSize = 1_000_000 });
        using var client = server.Connect();
        var content = new string(' ', 300_000) + "\r\n";
        client.BeginData().Send(content + ".\r\n");
        var message = Assert.Single(server.Queue.Committed);
        Assert.True(message.Pieces.Count > 3);
        Assert.True(message.Content == "\r\n" + content);
    }

    [Fact]
    public void HeaderBeyondTheSizeLimit_IsRefusedLikeAnyContent()
    {
        using var server = new TestServer(head => head with { MessageSize = 1_000_000 });
        using var client = server.Connect();
        client.BeginData().Send("X: " + new string('y', 1_000_000) + "\r\n.\r\n");
        Assert.StartsWith("552 5.3.4 ", client.LastReply, StringComparison.Ordinal);
        Assert.Empty(server.Queue.Committed);
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

        foreach (var way in Ways.Of($"BDAT {content.Length} LAST\r\n{content}"))
        {
            using var client = server.Connect();
            client.Ask("EHLO c.test");
            client.Send("MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\n");
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(code, client.LastCode);
            Assert.StartsWith("250 ", client.Ask("NOOP"), StringComparison.Ordinal);
        }

        Assert.Equal(code == 250 ? 4 : 0, server.Queue.Committed.Count);
        Assert.Equal(0, server.Queue.Open);
        server.DemandService();
    }

    [Theory]
    // A line that is none, an empty name, a folded start: none of them ends the header, else a loop could hide behind it.
    [InlineData("no colon\r\n", 554)]
    [InlineData(": x\r\n", 554)]
    [InlineData(" folded\r\n", 554)]
    [InlineData("X: \xff\r\n \r\n", 554)]
    // The empty line does.
    [InlineData("\r\n", 250)]
    [InlineData("X: y\r\n\r\n", 250)]
    public void HopsBehindAnything_AreCountedUpToTheEmptyLine(string before, int code)
    {
        using var server = new TestServer();
        using var client = server.Connect();
        client.BeginData().Send(before + string.Concat(Enumerable.Repeat("Received: x\r\n", 101)) + "\r\nbody\r\n.\r\n");
        Assert.Equal(code, client.LastCode);
        Assert.Equal(code == 250 ? 1 : 0, server.Queue.Committed.Count);
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
    // G7: fields that would mean something had we written them.
    [InlineData("Authentication-Results: mx.a.test; dkim=pass header.d=bank.test\r\n")]
    [InlineData("Received-SPF: pass (mx.a.test: 192.0.2.7 is a friend)\r\n")]
    [InlineData("X-Spam-Status: No, score=-99\r\nX-Spam-Flag: NO\r\n")]
    [InlineData("Return-Path: <root@mx.a.test>\r\n")]
    [InlineData("Delivered-To: u@a.test\r\n")]
    [InlineData("Received: from localhost ([127.0.0.1]) by mx.a.test with ESMTPSA id 0000000000001; Sun, 01 Mar 2026 12:00:00 +0000\r\n")]
    public void ForgedTrace_StaysBelowOursAndChangesNothing(string forged)
    {
        using var server = new TestServer();
        foreach (var way in Ways.Of(forged + "\r\nbody\r\n.\r\n"))
        {
            server.Queue.Committed.Clear();
            using var client = server.Connect();
            client.BeginData();
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(250, client.LastCode);
            var message = Assert.Single(server.Queue.Committed);
            Assert.StartsWith("Received: from c.test ([192.0.2.7])\r\n\tby mx.a.test with ESMTP\r\n", message.All, StringComparison.Ordinal);
            Assert.Equal(forged + "\r\nbody\r\n", message.Content);
            Assert.Equal("s@f.test", message.Sender);
        }

        server.DemandService();
    }
}
