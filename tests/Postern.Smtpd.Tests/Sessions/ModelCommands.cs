using CsCheck;

namespace Postern.Smtpd.Tests.Sessions;

/// <summary>The commands of the random sessions by name, and the bytes of each.</summary>
internal static class ModelCommands
{
    public const string Chunk = "QUIT\r\n";
    public const string LastChunk = "RSET\r\n.\r\n";
    public const string StrayChunk = "a\nNOOP\r\n";

    private static readonly string[] Closing = ["QUIT", "BARE", "BADSIZE", "HTTP", "STRAY"];

    // Weighted so that transactions get somewhere, and what closes a session comes rarely.
    private static readonly Gen<string> Command = Gen.Frequency(
        (3, Gen.Const("EHLO")), (1, Gen.Const("HELO")), (1, Gen.Const("BADHELO")), (16, Gen.Const("MAIL")), (1, Gen.Const("BADMAIL")),
        (1, Gen.Const("BIGMAIL")), (14, Gen.Const("RCPT")), (3, Gen.Const("UNKNOWN")), (1, Gen.Const("FOREIGN")), (1, Gen.Const("ROUTE")),
        (12, Gen.Const("DATA")), (8, Gen.Const("BDAT")), (6, Gen.Const("LAST")), (2, Gen.Const("RSET")), (2, Gen.Const("NOOP")),
        (1, Gen.Const("VRFY")), (1, Gen.Const("STARTTLS")), (1, Gen.Const("WHAT")), (1, Gen.Int[0, 4].Select(i => Closing[i])));

    // Chance alone seldom finds the way to a message; most sessions walk along it and stumble now and then.
    private static readonly Gen<string[]> Group = Gen.Frequency(
        (4, Gen.Const((string[])["EHLO"])),
        (4, Gen.Const((string[])["MAIL", "RCPT", "DATA"])),
        (2, Gen.Const((string[])["MAIL", "RCPT", "BDAT", "LAST"])),
        (1, Gen.Const((string[])["MAIL", "UNKNOWN", "RCPT", "RCPT", "BDAT"])),
        (1, Gen.Const((string[])["RSET", "MAIL", "UNKNOWN", "DATA"])),
        (6, Command.Array[1, 5]));

    /// <summary>What one client sends in one go: a group, cut in two or not, and the content that follows a DATA that was taken.</summary>
    public static Gen<(int Session, string[] Group, int Cut, string Content)> Step { get; } =
        from session in Gen.Int[0, 2]
        from @group in Group
        from isOrderly in Gen.Frequency((19, Gen.Const(true)), (1, Gen.Const(false)))
        from cut in Gen.Int[0, 60]
        from content in Gen.Frequency(
            (8, Gen.Const("Subject: t\r\n\r\nRSET\r\n")), (1, Gen.Const("")), (2, Gen.Const(new string('x', 39) + "\r\n")), (1, Gen.Const("a\nQUIT\r\n")))
            // Most clients wait where they have to; the others send on, in one segment.
        select (session, isOrderly ? UpToReply(@group) : @group, isOrderly ? cut : 0, content);

    /// <summary>True for a command that has to be the last of its group (RFC 2920 §3.1).</summary>
    public static bool EndsGroup(string command) => command is "EHLO" or "HELO" or "BADHELO" or "DATA" or "STARTTLS" or "QUIT";

    /// <summary>The bytes of a command.</summary>
    public static string Bytes(string command) => command switch
    {
        "EHLO" => "EHLO c.test\r\n",
        "HELO" => "HELO c.test\r\n",
        "BADHELO" => "EHLO\r\n",
        "MAIL" => "MAIL FROM:<s@f.test>\r\n",
        "BADMAIL" => "MAIL FROM:<broken\r\n",
        "BIGMAIL" => "MAIL FROM:<s@f.test> SIZE=41\r\n",
        "RCPT" => "RCPT TO:<u@a.test>\r\n",
        "UNKNOWN" => "RCPT TO:<nobody@a.test>\r\n",
        "FOREIGN" => "RCPT TO:<x@f.test>\r\n",
        "ROUTE" => "RCPT TO:<@a.test:u@a.test>\r\n",
        "VRFY" => "VRFY u\r\n",
        "BARE" => "NOOP\nRSET\r\n",
        "BADSIZE" => "BDAT x\r\n",
        "HTTP" => "GET / HTTP/1.1\r\n",
        "BDAT" => $"BDAT {Chunk.Length}\r\n{Chunk}",
        "LAST" => $"BDAT {LastChunk.Length} LAST\r\n{LastChunk}",
        "STRAY" => $"BDAT {StrayChunk.Length}\r\n{StrayChunk}",
        _ => command + "\r\n",
    };

    private static string[] UpToReply(string[] commands)
    {
        var end = Array.FindIndex(commands, EndsGroup);
        return end < 0 ? commands : commands[..(end + 1)];
    }
}
