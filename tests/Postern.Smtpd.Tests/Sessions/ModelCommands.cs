using static Postern.Smtpd.Tests.Sessions.CommandKind;

namespace Postern.Smtpd.Tests.Sessions;

/// <summary>The commands of the random sessions, and the answer to each: RFC 5321 §4.1.1 and §4.3.2, and the statuses of RFC 3463.</summary>
internal static class ModelCommands
{
    // What ends a session at once, and rarely comes.
    private static readonly ModelCommand[] _closings =
    [
        new("QUIT", Closing, "QUIT\r\n", "221 2.0.0"),
        new("BARE", Closing, "NOOP\nRSET\r\n", "500 5.5.2"),
        new("BARE-CR", Closing, "NOOP\rRSET\r\n", "500 5.5.2"),
        new("NUL", Closing, "NO\0OP\r\n", "500 5.5.2"),
        new("BDAT-ODD", Closing, "BDAT x\r\n", "501 5.5.4"),
        new("BDAT-MINUS", Closing, "BDAT -1 LAST\r\n", "501 5.5.4"),
        new("HTTP", Closing, "GET / HTTP/1.1\r\n", "554 5.5.1"),
        new("TLS", Closing, "\u0016\u0003\u0001\u0002\r\n", "554 5.5.1"),
    ];

    private static readonly ModelCommand[] _all =
    [
        new("EHLO", Hello, "EHLO c.test\r\n", "250") { Weight = 3, OverLmtp = "500 5.5.2" },
        new("HELO", Hello, "HELO c.test\r\n", "250") { OverLmtp = "500 5.5.2" },
        new("LHLO", Hello, "LHLO c.test\r\n", "500 5.5.2") { OverLmtp = "250" },
        new("EHLO-BARE", Hello, "EHLO\r\n", "501 5.5.4") { OverLmtp = "500 5.5.2" },
        new("EHLO-ODD", Hello, "EHLO a b\r\n", "501 5.5.4") { OverLmtp = "500 5.5.2" },
        new("MAIL", Sender, "MAIL FROM:<s@f.test>\r\n", "250 2.1.0") { Weight = 16 },
        new("MAIL-NULL", Sender, "mail from:<>\r\n", "250 2.1.0") { Weight = 2 },
        new("MAIL-FITS", Sender, "MAIL FROM:<s@f.test> SIZE=40 BODY=8BITMIME\r\n", "250 2.1.0") { AfterHelo = "555 5.5.4" },
        new("MAIL-BIG", Sender, "MAIL FROM:<s@f.test> SIZE=41\r\n", "552 5.3.4") { AfterHelo = "555 5.5.4" },
        new("MAIL-TWICE", Sender, "MAIL FROM:<s@f.test> SIZE=1 SIZE=1\r\n", "501 5.5.4") { AfterHelo = "555 5.5.4" },
        new("MAIL-UNKNOWN", Sender, "MAIL FROM:<s@f.test> X=y\r\n", "555 5.5.4"),
        new("MAIL-BROKEN", Sender, "MAIL FROM:<broken\r\n", "501 5.1.7"),
        new("MAIL-UTF8", Sender, "MAIL FROM:<\u00c3\u00bc@f.test>\r\n", "553 5.6.7"),
        new("RCPT-U", Recipient, "RCPT TO:<u@a.test>\r\n", "250 2.1.5", "u@a.test") { Weight = 12 },
        new("RCPT-V", Recipient, "rcpt to:<v@a.test>\r\n", "250 2.1.5", "v@a.test") { Weight = 4 },
        new("RCPT-DSN", Recipient, "RCPT TO:<user@a.test> NOTIFY=NEVER\r\n", "250 2.1.5", "user@a.test") { AfterHelo = "555 5.5.4" },
        new("RCPT-NOBODY", Recipient, "RCPT TO:<nobody@a.test>\r\n", "550 5.1.1") { Weight = 3 },
        new("RCPT-UNSURE", Recipient, "RCPT TO:<unsure@a.test>\r\n", "451 4.3.0"),
        new("RCPT-FOREIGN", Recipient, "RCPT TO:<x@f.test>\r\n", "550 5.7.1", "x@f.test") { ToFriend = "250 2.1.5" },
        new("RCPT-LITERAL", Recipient, "RCPT TO:<x@[198.51.100.7]>\r\n", "550 5.7.1") { ToFriend = "550 5.1.2" },
        new("RCPT-ROUTE", Recipient, "RCPT TO:<@a.test:u@a.test>\r\n", "553 5.1.0"),
        new("RCPT-BROKEN", Recipient, "RCPT TO:<u@a..test>\r\n", "501 5.1.3"),
        new("DATA", Data, "DATA\r\n", "354") { Weight = 12 },
        new("DATA-ODD", Data, "DATA x\r\n", "501 5.5.4"),
        OfChunk("BDAT", "QUIT\r\n", weight: 8),
        OfChunk("BDAT-EMPTY", ""),
        OfChunk("BDAT-CR", "x\r"),
        OfChunk("BDAT-LF", "\nx\r\n"),
        OfChunk("BDAT-BARE", "a\nNOOP\r\n"),
        OfChunk("BDAT-BIG", "RSET\r\n12345678901234567890123456789\r\nQUIT\r\n"),
        OfChunk("LAST", "RSET\r\n.\r\n", weight: 6),
        OfChunk("LAST-EMPTY", "", weight: 2),
        new("RSET", Reset, "RSET\r\n", "250 2.0.0") { Weight = 2 },
        new("RSET-ODD", Plain, "RSET x\r\n", "501 5.5.4"),
        new("NOOP", Plain, "NOOP\r\n", "250 2.0.0") { Weight = 2 },
        new("NOOP-ODD", Plain, "noop with words\r\n", "250 2.0.0"),
        new("HELP", Plain, "HELP\r\n", "214 2.0.0"),
        new("VRFY", Plain, "VRFY u@a.test\r\n", "252 2.0.0"),
        new("VRFY-BARE", Plain, "VRFY\r\n", "501 5.5.4"),
        new("VRFY-UTF8", Plain, "VRFY \u00c3\u00bc@a.test\r\n", "553 5.6.7"),
        new("EXPN", Plain, "EXPN list\r\n", "252 2.0.0"),
        new("STARTTLS", Plain, "STARTTLS\r\n", "502 5.5.1"),
        new("AUTH", Plain, "AUTH PLAIN AHUAcHc=\r\n", "502 5.5.1"),
        new("WHAT", Plain, "WHAT\r\n", "500 5.5.2"),
        new("EMPTY", Plain, "\r\n", "500 5.5.2"),
        new("LONG", Plain, "NOOP " + new string('a', 2100) + " QUIT\r\n", "500 5.5.2"),
        new("QUIT-ODD", Plain, "QUIT x\r\n", "501 5.5.4"),
    ];

    // Each as often as it weighs, so that one draw chooses.
    private static readonly ModelCommand[] _drawn = [.. _all.SelectMany(command => Enumerable.Repeat(command, command.Weight))];

    // Ways along which a session gets somewhere; chance alone seldom finds them.
    private static readonly ModelCommand[][] _paths =
    [
        [Of("EHLO")], [Of("EHLO")], [Of("LHLO")], [Of("LHLO")], [Of("HELO")],
        [Of("MAIL"), Of("RCPT-U"), Of("DATA")], [Of("MAIL"), Of("RCPT-U"), Of("RCPT-V"), Of("LAST")], [Of("RSET"), Of("MAIL"), Of("RCPT-V"), Of("DATA")],
        [Of("MAIL-NULL"), Of("RCPT-V"), Of("RCPT-U"), Of("DATA")],
        [Of("MAIL"), Of("RCPT-U"), Of("BDAT"), Of("LAST")], [Of("MAIL"), Of("RCPT-U"), Of("BDAT-CR"), Of("BDAT-LF"), Of("LAST-EMPTY")],
        [Of("MAIL"), Of("RCPT-NOBODY"), Of("RCPT-U"), Of("RCPT-V"), Of("RCPT-U"), Of("RCPT-V"), Of("BDAT")], [Of("RSET"), Of("MAIL"), Of("RCPT-NOBODY"), Of("DATA")],
    ];

    /// <summary>The command of a name.</summary>
    public static ModelCommand Of(string name) => Array.Find(_all, command => command.Name == name)!;

    /// <summary>Draws what a client sends in one go.</summary>
    public static ModelCommand[] Draw(Random random)
    {
        if (random.Next(20) < 11) return _paths[random.Next(_paths.Length)];
        var group = new ModelCommand[random.Next(1, 6)];
        for (var i = 0; i < group.Length; i++) group[i] = random.Next(150) == 0 ? _closings[random.Next(_closings.Length)] : _drawn[random.Next(_drawn.Length)];
        return group;
    }

    private static ModelCommand OfChunk(string name, string chunk, int weight = 1) =>
        new(name, Chunk, $"BDAT {chunk.Length}{(name.StartsWith("LAST", StringComparison.Ordinal) ? " LAST" : "")}\r\n{chunk}", "250 2.0.0", chunk) { Weight = weight };
}
