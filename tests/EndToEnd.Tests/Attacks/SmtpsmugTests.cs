using Postern.TestKit.Clients;

namespace Postern.EndToEnd.Attacks;

/// <summary>
/// Attacks A1 to A13 as smtpsmug, a public tool for smuggling, plays them, under its names: a line in each segment, then the
/// sequence alone, and the true end after it when no reply comes.
/// </summary>
public sealed class SmtpsmugTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    private static readonly string[] _envelope = ["EHLO f.test", "MAIL FROM:<s@f.test>", "RCPT TO:<u@a.test>", "DATA"];

    [Theory]
    [InlineData("lflf", "\n.\n")]
    [InlineData("crcr", "\r.\r")]
    [InlineData("crlf", "\r.\n")]
    [InlineData("lfcr", "\n.\r")]
    [InlineData("lfcrlf", "\n.\r\n")]
    [InlineData("crlflf", "\r\n.\n")]
    [InlineData("crcrlf", "\r.\r\n")]
    // The beginning of a true end, to which no reply comes; what follows makes it a false one.
    [InlineData("crlfcr", "\r\n.\r")]
    [InlineData("nullbefore", "\r\n\0.\r\n")]
    [InlineData("nullafter", "\r\n.\0\r\n")]
    public void SequenceOfSmtpsmug_IsNotAcceptedAndNothingArrives(string name, string sequence)
    {
        using var session = new RawSession(server.Server.Port);
        var due = Begin(session, "Subject: " + name, "", "Before the sequence.");
        session.Send(sequence);
        if (name != "crlfcr") session.Await(due + 1);
        session.Send("After the sequence.\r\n");
        session.Send("\r\n.\r\n");
        var replies = session.AwaitEnd();
        Assert.Equal(due + 1, replies.Count);
        Assert.StartsWith("554 5.6.0 ", replies[^1], StringComparison.Ordinal);
        server.AwaitEmptyQueue();
        server.DemandMailboxes([]);
    }

    [Fact]
    public void PipeliningOfSmtpsmug_BringsTheFirstMessageOnly()
    {
        using var session = new RawSession(server.Server.Port);
        var due = Begin(session, "Subject: pipelining", "", "This is the first.");
        // All at once: whoever is answered in between has waited, as far as a server can tell.
        session.Send($"\r\n.\r\n{string.Join("\r\n", _envelope[1..])}\r\nSubject: pipelining\r\n\r\nThis is the second.\r\n.\r\n");
        Assert.StartsWith("250 2.0.0 ", session.AwaitEnd()[due], StringComparison.Ordinal);
        var arrived = server.Server.Mailbox("u").Await("This is the first.");
        Assert.False(arrived.Contains("This is the second."), arrived.Text);
        server.AwaitEmptyQueue();
        Assert.Equal(1, server.Server.Mailbox("u").Count);
        server.Server.Mailbox("u").Empty();
    }

    /// <summary>Up to and into the content; the number of replies that have come.</summary>
    private static int Begin(RawSession session, params string[] content)
    {
        var due = 1;
        session.Await(due);
        foreach (var command in _envelope)
        {
            session.Send(command + "\r\n");
            session.Await(++due);
        }

        foreach (var line in content) session.Send(line + "\r\n");
        return due;
    }
}
