using System.Globalization;
using Postern.TestKit.Servers;

namespace Postern.EndToEnd.Attacks;

/// <summary>What swaks, the Swiss army knife for SMTP, can express of the attacks: its transcript, its exit code, and what arrived.</summary>
public sealed class SwaksTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    private const string Message = "Subject: swaks\\n\\n.dots\\n..";
    private const string Stored = "Subject: swaks\r\n\r\n.dots\r\n..\r\n";

    private static readonly string _large = "Subject: swaks\\n\\n" + new string('x', 1100) + "\\n";

    /// <summary>Arguments, parted by |; exit code; what the transcript says; the messages that arrive, by their mailboxes.</summary>
    public static TheoryData<string, int, string, string> Runs => new()
    {
        // In order, whole groups at once, and with one recipient that nobody has.
        { "", 0, "<-  250 2.0.0 Ok, queued as ", "u" },
        { "--pipeline", 0, "<-  250 2.1.5 ", "u" },
        { "--pipeline|--to|u@a.test,nouser@a.test,v@a.test", 0, "<** 550 5.1.1 ", "uv" },
        { "--protocol|SMTP", 0, " -> HELO ", "u" },
        { "--from|<>", 0, " -> MAIL FROM:<>", "u" },
        { "--suppress-data", 0, "lines sent", "u" },
        // A30, A31: gone before the end of the message, and right behind it.
        { "--drop-after|MAIL", 0, "<-  250 2.1.0 ", "" },
        { "--drop-after|RCPT", 0, "<-  250 2.1.5 ", "" },
        { "--drop-after|DATA", 0, "<-  354 ", "" },
        { "--drop-after-send|DATA", 0, " -> DATA", "" },
        { "--drop-after-send|DOT", 0, " -> .", "u" },
        { "--quit-after|EHLO", 0, "<-  221 2.0.0 ", "" },
        { "--quit-after|MAIL", 0, "<-  221 2.0.0 ", "" },
        { "--quit-after|RCPT", 0, "<-  221 2.0.0 ", "" },
        // B7, E: names and addresses.
        { "--ehlo|$(id)", 22, "<** 501 5.5.4 ", "" },
        { "--from|;sleep 66;", 23, "<** 501 5.1.7 ", "" },
        { "--to|nouser@a.test", 24, "<** 550 5.1.1 ", "" },
        { "--to|x@f.test", 24, "<** 550 5.7.1 ", "" },
        { "--to|x%f.test@a.test", 24, "<** 550 5.1.1 ", "" },
        { "--to|x@[127.0.0.1]", 24, "<** 550 5.7.1 ", "" },
        { "--pipeline|--to|nouser@a.test", 24, "<** 554 5.5.1 ", "" },
        // G8: more than the limit.
        { "--data|" + _large, 26, "<** 552 5.3.4 ", "" },
        // A1, A24: line ends as they are.
        { "--no-data-fixup|--data|@Subject: t\r\n\r\nbody\n.\nMAIL FROM:<evil@bank.test>\r\n.\r\n", 26, "<** 554 5.6.0 ", "" },
        { "--no-data-fixup|--data|@Subject: t\r\n\r\na\rb\r\n.\r\n", 26, "<** 554 5.6.0 ", "" },
        // What is not on offer is not given to whoever asks for it.
        { "--auth|PLAIN|--auth-user|u|--auth-password|p", 28, "authentication", "" },
        { "--xclient|ADDR=192.0.2.1", 33, "XCLIENT", "" },
        { "--prdr", 30, "PRDR", "" },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void Run_SaysAndBringsWhatItShould(string arguments, int code, string said, string mailboxes)
    {
        var result = Run(arguments.Split('|', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(result.Code == code, result.ToString());
        Assert.True((result.Output + result.Error).Contains(said, StringComparison.Ordinal), result.ToString());
        server.AwaitEmptyQueue();
        foreach (var user in mailboxes) server.Server.Mailbox(user.ToString()).AwaitCount(1);
        server.DemandMailboxes([.. mailboxes.Select(user => $"{user}@a.test: {Stored}")]);
    }

    private ToolResult Run(string[] arguments)
    {
        using var scratch = new Scratch();
        // What stands behind an @ comes from a file: swaks leaves it as it is.
        arguments = [.. arguments.Select(argument => argument[0] == '@' ? "@" + scratch.Write("data", argument[1..]) : argument)];
        string[] usual = ["--server", "127.0.0.1", "--port", server.Server.Port.ToString(CultureInfo.InvariantCulture), "--ehlo", "c.test", "--from", "s@f.test", "--to", "u@a.test"];
        string[] data = arguments.Contains("--data") ? [] : ["--data", Message];
        return Tool.Run(Requirement.Peer("swaks"), [.. usual, .. data, .. arguments]);
    }
}
