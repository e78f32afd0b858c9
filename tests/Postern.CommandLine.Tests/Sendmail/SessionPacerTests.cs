using System.Text;
using Postern.CommandLine.Sendmail;

namespace Postern.CommandLine.Tests.Sendmail;

/// <summary>sendmail -bs: a session that is piped in at once is handed to the server one line after the other.</summary>
public sealed class SessionPacerTests
{
    private const string Session = "EHLO x\nMAIL FROM:<a@b>\nRCPT TO:<c@d>\nDATA\nSubject: x\n\n..\nbody\n.\nQUIT\n";

    private readonly SessionPacer _pacer = new();

    [Fact]
    public void NothingIsSentBeforeTheGreetingIsComplete()
    {
        _pacer.TakeFromClient("EHLO x\n"u8);
        Assert.Empty(Sent());
        _pacer.TakeFromServer("220-one\r\n"u8);
        Assert.Empty(Sent());
        _pacer.TakeFromServer("220 two\r"u8);
        Assert.Empty(Sent());
        _pacer.TakeFromServer("\n"u8);
        Assert.Equal("EHLO x\r\n", Sent());
    }

    [Fact]
    public void EachCommandWaitsForTheReplyToTheLast_AndContentGoesAtOnce()
    {
        _pacer.TakeFromClient(Encoding.ASCII.GetBytes(Session));
        _pacer.EndClient();
        Assert.Equal(
            ["EHLO x\r\n", "MAIL FROM:<a@b>\r\n", "RCPT TO:<c@d>\r\n", "DATA\r\n", "Subject: x\r\n\r\n..\r\nbody\r\n.\r\n", "QUIT\r\n"],
            [Answer("220 hi"), Answer("250-x\r\n250 y"), Answer("250 ok"), Answer("250 ok"), Answer("354 go"), Answer("250 taken")]);
        Assert.True(_pacer.IsOver);
    }

    [Fact]
    public void SplitAnywhere_ItIsTheSame()
    {
        var whole = Play(Session, Session.Length);
        for (var piece = 1; piece < Session.Length; piece++)
        {
            Assert.Equal(whole, Play(Session, piece));
        }
    }

    [Fact]
    public void RefusedData_IsFollowedByCommands()
    {
        _pacer.TakeFromClient("DATA\nRSET\nQUIT\n"u8);
        Assert.Equal("DATA\r\n", Answer("220 hi"));
        Assert.Equal("RSET\r\n", Answer("503 no"));
        Assert.Equal("QUIT\r\n", Answer("250 ok"));
    }

    // RFC 3030 §2: what follows BDAT is counted and not changed.
    [Fact]
    public void Chunk_GoesWithItsCommandUnchanged()
    {
        _pacer.TakeFromClient("BDAT 6 LAST\na\nb\r\n.QUIT\n"u8);
        Assert.Equal("BDAT 6 LAST\r\na\nb\r\n.", Answer("220 hi"));
        Assert.Equal("QUIT\r\n", Answer("250 ok"));
    }

    [Fact]
    public void LinesThatEndInCrLf_AreLeftAsTheyAre()
    {
        _pacer.TakeFromClient("NOOP\r\nNOOP\r\n"u8);
        Assert.Equal("NOOP\r\n", Answer("220 hi"));
    }

    // Of a line end one CR is taken off; what is left of it is content, which the server has to see to refuse it.
    [Theory]
    [InlineData("x\r\r\n")]
    [InlineData("x\r\r\r\n")]
    [InlineData("\r\r\n")]
    [InlineData(".\r\r\n")]
    [InlineData("x\ry\r\n")]
    public void BareCarriageReturn_ReachesTheServer(string line)
    {
        for (var cut = 0; cut <= line.Length; cut++)
        {
            var pacer = new SessionPacer();
            pacer.TakeFromClient("DATA\n"u8);
            pacer.TakeFromServer("220 hi\r\n"u8);
            pacer.TakeFromServer("354 go\r\n"u8);
            pacer.TakeFromClient(Encoding.ASCII.GetBytes(line[..cut]));
            pacer.TakeFromClient(Encoding.ASCII.GetBytes(line[cut..]));
            Assert.Equal("DATA\r\n" + line, Encoding.ASCII.GetString(pacer.Outgoing.Span));
        }
    }

    [Fact]
    public void LastLineWithoutEnd_Counts()
    {
        _pacer.TakeFromClient("QUIT"u8);
        Assert.Empty(Answer("220 hi"));
        _pacer.EndClient();
        Assert.Equal("QUIT\r\n", Sent());
        Assert.True(_pacer.IsOver);
    }

    [Fact]
    public void EndlessLineOfContent_NeedsNoRoomAndKeepsItsEnd()
    {
        _pacer.TakeFromClient("DATA\n"u8);
        _ = Answer("220 hi");
        _ = Answer("354 go");
        var part = Encoding.ASCII.GetBytes(new string('.', 70_000));
        var sent = new StringBuilder();
        for (var i = 0; i < 20; i++)
        {
            _pacer.TakeFromClient(part);
            Assert.True(_pacer.HasRoom);
            sent.Append(Sent());
        }

        // The dot that is left over is no end of content: it stands at the end of that line.
        _pacer.TakeFromClient("\r\n.\r\n"u8);
        sent.Append(Sent());
        Assert.Equal(new string('.', 20 * 70_000) + "\r\n.\r\n", sent.ToString());
    }

    private static List<string> Play(string session, int piece)
    {
        var pacer = new SessionPacer();
        List<string> sent = [];
        var bytes = Encoding.ASCII.GetBytes(session);
        string[] replies = ["220 hi\r\n", "250-x\r\n250 y\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n", "250 taken\r\n"];
        foreach (var part in bytes.Chunk(piece))
        {
            pacer.TakeFromClient(part);
        }

        pacer.EndClient();
        foreach (var reply in replies)
        {
            foreach (var part in Encoding.ASCII.GetBytes(reply).Chunk(piece))
            {
                pacer.TakeFromServer(part);
            }

            sent.Add(Encoding.ASCII.GetString(pacer.Outgoing.Span));
            pacer.Outgoing.Consume(pacer.Outgoing.Length);
        }

        return sent;
    }

    private string Answer(string reply)
    {
        _pacer.TakeFromServer(Encoding.ASCII.GetBytes(reply + "\r\n"));
        return Sent();
    }

    private string Sent()
    {
        var text = Encoding.ASCII.GetString(_pacer.Outgoing.Span);
        _pacer.Outgoing.Consume(_pacer.Outgoing.Length);
        return text;
    }
}
