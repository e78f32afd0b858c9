using Postern.Smtpd.Tests.Harness;

namespace Postern.Smtpd.Tests.Content;

/// <summary>SECURITY group A, A1 to A24 and A27: no byte sequence but CRLF.CRLF ends a message, and none hides a second one.</summary>
public class SmugglingTests
{
    private const string Header = "From: s@f.test\r\nSubject: t\r\n\r\nbody";
    private const string Smuggled = "MAIL FROM:<evil@bank.test>\r\nRCPT TO:<v@a.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nx";

    public static TheoryData<string, string> RefusedSequences => new()
    {
        // The lenient ends of other servers' history: a line end of their own before or after the dot.
        { "A1", "\n.\n" },
        { "A2", "\r.\r" },
        { "A3", "\r.\n" },
        { "A4", "\n.\r" },
        { "A5", "\n.\r\n" },
        { "A6", "\r\n.\n" },
        { "A7", "\r\n.\r" },
        { "A8", "\r.\r\n" },
        { "A9", "\n\n.\r\n" },
        { "A10", "\r\n.\n\r\n" },
        { "A11", "\n\r.\n\r" },
        // A NUL that a C string would end at, or that a filter would drop.
        { "A12", "\r\n.\0\r\n" },
        { "A13", "\r\n\0.\r\n" },
        // Doubled carriage returns, which some collapse.
        { "A14", "\r\r\n.\r\r\n" },
        { "A15", "\r\n.\r\r\n" },
        { "A16", "\r\n.\r\0\n" },
        // Stuffed dots between bare line ends.
        { "A21a", "\n..\n" },
        { "A21b", "\r\n..\n" },
        // Lone line ends anywhere else.
        { "A24", "a\rb\r\n" },
        { "A27", "a\0b\r\n" },
    };

    public static TheoryData<string, string, string> ContentSequences => new()
    {
        // A line that begins with a dot is a line: the dot is taken off and nothing else happens.
        { "A17a", "\r\n. \r\n", "\r\n \r\n" },
        { "A17b", "\r\n.\t\r\n", "\r\n\t\r\n" },
        // A dot with a combining accent.
        { "A18", "\r\n.\xcc\x81\r\n", "\r\n\xcc\x81\r\n" },
        // NEL, LINE SEPARATOR, vertical tab and form feed end lines elsewhere, never in mail.
        { "A19a", "\x85.\x85", "\x85.\x85" },
        { "A19b", "\xe2\x80\xa8.\xe2\x80\xa8", "\xe2\x80\xa8.\xe2\x80\xa8" },
        { "A20a", "\x0b.\x0b", "\x0b.\x0b" },
        { "A20b", "\x0c.\x0c", "\x0c.\x0c" },
        { "A21c", "\r\n..\r\n", "\r\n.\r\n" },
    };

    [Theory]
    [MemberData(nameof(RefusedSequences))]
    public void SequenceThatLooksLikeAnEnd_RefusesTheMessageAndCloses(string number, string sequence)
    {
        using var server = new TestServer();
        foreach (var way in Ways.EverySplitOf(Header + sequence + Smuggled + "\r\n.\r\nQUIT\r\n"))
        {
            using var client = server.Connect();
            client.BeginData();
            Assert.Equal(354, client.LastCode);
            var before = client.Replies.Count;
            foreach (var piece in way) client.Send(piece);
            client.EndSending();
            var replies = client.Replies.Skip(before).ToArray();
            Assert.True(replies is [['5', '5', '4', ' ', '5', '.', '6', '.', '0', ..]], $"{number}: {string.Join('|', replies)}");
            Assert.True(client.IsClosed, number);
            Assert.Empty(server.Queue.Committed);
        }

        Assert.Equal(0, server.Queue.Open);
        server.DemandService();
    }

    [Theory]
    [MemberData(nameof(ContentSequences))]
    public void SequenceThatIsOrdinaryContent_IsKeptAndNothingIsSmuggled(string number, string sequence, string stored)
    {
        using var server = new TestServer();
        foreach (var way in Ways.EverySplitOf(Header + sequence + Smuggled + "\r\n.\r\nQUIT\r\n"))
        {
            server.Queue.Committed.Clear();
            using var client = server.Connect();
            client.BeginData();
            foreach (var piece in way) client.Send(piece);
            Assert.True(client.Replies is [.., ['2', '5', '0', ..], ['2', '2', '1', ..]], number);
            var message = Assert.Single(server.Queue.Committed);
            Assert.Equal(Header + stored + Smuggled + "\r\n", message.Content);
            Assert.Equal(["u@a.test"], message.Recipients);
        }

        server.DemandService();
    }

    [Fact]
    public void BareLineFeedInTheHeader_RefusesTheMessage()
    {
        // A23.
        using var server = new TestServer();
        foreach (var way in Ways.EverySplitOf("From: s@f.test\nSubject: t\r\n\r\nbody\r\n.\r\n"))
        {
            using var client = server.Connect();
            client.BeginData();
            foreach (var piece in way) client.Send(piece);
            Assert.Equal(554, client.LastCode);
            Assert.True(client.IsClosed);
        }

        Assert.Empty(server.Queue.Committed);
        server.DemandService();
    }

    [Fact]
    public void PausesInsideTheEnd_ChangeNothing()
    {
        // A22: a pause is no byte.
        using var server = new TestServer();
        using var client = server.Connect();
        client.BeginData().Send("body");
        foreach (var piece in new[] { "\r", "\n.", "\r", "\n" })
        {
            server.Advance(TimeSpan.FromSeconds(5));
            client.Send(piece);
        }

        Assert.Equal(250, client.LastCode);
        Assert.Equal("body\r\n", Assert.Single(server.Queue.Committed).Content);

        using var second = server.Connect();
        second.BeginData().Send("body\r\n.");
        server.Advance(TimeSpan.FromSeconds(5));
        second.Send("\n");
        Assert.Equal(554, second.LastCode);
        Assert.Single(server.Queue.Committed);
        server.DemandService();
    }
}
