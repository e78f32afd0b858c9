using static Postern.TestKit.Attacks.SessionAttack;

namespace Postern.TestKit.Attacks;

/// <summary>Group B: commands that are none, come out of their place, or come too early.</summary>
public static class CommandAttacks
{
    private const string Mail = "MAIL FROM:<s@f.test>\r\n";
    private const string Recipient = "RCPT TO:<u@a.test>\r\n";
    private const string Nobody = "RCPT TO:<nouser@a.test>\r\n";

    // What a transaction that is as it was before brings to its end.
    private const string Finish = Data + "x\r\n.\r\n";
    private const string Message = "u@a.test: x\r\n";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SessionAttack> All { get; } = [.. Order(), .. Lines(), .. Parameters(), .. Segments()];

    private static IEnumerable<SessionAttack> Order() =>
    [
        // B1: nothing runs before what it needs, and a refusal changes nothing.
        new("B1-data", Hello + "DATA\r\n", "250|503/5.5.1"),
        new("B1-recipient", Hello + Recipient, "250|503/5.5.1"),
        new("B1-nobody", Hello + Mail + "DATA\r\n", "250|250 503/5.5.1"),
        new("B1-twice", $"{Hello}{Mail}MAIL FROM:<t@f.test>\r\n{Recipient}{Finish}", "250|250 503/5.5.1 250 354|250", Message),
        new("B1-chunk", Hello + Mail + "BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", "250|250 503/5.5.1 250"),
        new("B1-hello", Mail + Recipient + "DATA\r\n", "503/5.5.1 503/5.5.1 503/5.5.1"),
        // B2: nobody is left.
        new("B2", Hello + Mail + Nobody + "DATA\r\n", "250|250 550/5.1.1 554/5.5.1"),
        new("B2-one", $"{Hello}{Mail}{Nobody}{Recipient}{Finish}", "250|250 550 250 354|250", Message),
        // B3: the next message begins with nothing of the one before, which was too large.
        new("B3", $"{Hello}{Mail}{Recipient}{Data}{new string('x', MaxSize)}\r\n.\r\nRCPT TO:<v@a.test>\r\nDATA\r\n",
            "250|250 250 354|552/5.3.4 503/5.5.1 503/5.5.1"),
        // B4: the bytes of a chunk that nobody wants are no commands; and behind it there is no message.
        new("B4", Hello + "BDAT 5\r\nxxxxxDATA\r\n", "250|503/5.5.1 503/5.5.1"),
        new("B4-commands", Hello + "BDAT 6\r\nQUIT\r\nRCPT TO:<v@a.test>\r\nDATA\r\n", "250|503/5.5.1 503/5.5.1 503/5.5.1"),
        // B5: each of these forgets the transaction, or refuses and does not.
        new("B5-rset", $"{Hello}{Mail}{Recipient}RSET\r\nDATA\r\n", "250|250 250 250 503/5.5.1"),
        new("B5-ehlo", $"{Hello}{Mail}{Recipient}EHLO c.test\r\n\u23f8DATA\r\n", "250|250 250 250|503/5.5.1"),
        new("B5-helo", $"{Hello}{Mail}{Recipient}HELO c.test\r\n\u23f8DATA\r\n", "250|250 250 250|503/5.5.1"),
        new("B5-starttls", $"{Hello}{Mail}{Recipient}STARTTLS\r\n\u23f8{Finish}", "250|250 250 503/5.5.1|354|250", Message),
        new("B5-auth", $"{Hello}{Mail}{Recipient}AUTH PLAIN AHUAcHc=\r\n\u23f8{Finish}", "250|250 250 502/5.5.1|354|250", Message),
        // B6: an address beyond ASCII needs its parameter.
        new("B6-sender", Hello + "MAIL FROM:<\u00c3\u00bc@f.test>\r\nDATA\r\n", "250|553/5.6.7 503/5.5.1"),
        new("B6-recipient", Hello + Mail + "RCPT TO:<\u00c3\u00bc@a.test>\r\nDATA\r\n", "250|250 553/5.6.7 503/5.5.1"),
        new("B6-verify", Hello + "VRFY \u00c3\u00bc@a.test\r\nDATA\r\n", "250|553/5.6.7 503/5.5.1"),
    ];

    private static IEnumerable<SessionAttack> Lines() =>
    [
        // B7: a name that could do harm where it is written down.
        .. ((string[])["", " ", " \u001b[31m", " <script>", " ;id", " $(id)", " a b", " " + new string('a', 1000)]).Select((name, place) =>
            new SessionAttack($"B7-{place}", $"EHLO{name}\r\n\u23f8{Mail}", "501/5.5.4|503/5.5.1")),
        new("B7-percent", "EHLO %n%n\r\n\u23f8" + Mail + Recipient + Finish, "250|250 250 354|250", Message),
        new("B7-expansion", "EHLO ${run{id}}\r\n\u23f8" + Mail + Recipient + Finish, "250|250 250 354|250", Message),
        // B8: answered once; the rest of the line never runs.
        new("B8-allowed", "NOOP " + new string('a', 505) + "\r\n", "250/2.0.0"),
        new("B8-long", "NOOP " + new string('a', 2044) + " QUIT\r\nNOOP\r\n", "500/5.5.2 250/2.0.0"),
        // B9, B14: no verbs of ours, and those of old back doors.
        .. ((string[])["WHATISTHIS", "", " NOOP", "\u00ff\u00fe", "TURN", "ETRN x'; DROP TABLE t--", "DEBUG", "WIZ", "KILL", "SEND FROM:<s@f.test>",
            "XCLIENT ADDR=192.0.2.1", "PROXY TCP4 192.0.2.1 192.0.2.2 1 25"])
            .Select((line, place) => new SessionAttack($"B9-{place}", line + "\r\nNOOP\r\n", "500/5.5.2 250/2.0.0")),
        new("B9-case", "eHLo c.test\r\n\u23f8mAiL fRoM:<s@f.test>\r\nrCpT tO:<u@a.test>\r\ndAtA\r\n\u23f8x\r\n.\r\n", "250|250 250 354|250", Message),
        new("B9-ten", string.Concat(Enumerable.Repeat("WHAT\r\n", 12)), "500 500 500 500 500 500 500 500 500 421/4.7.0 close"),
        // B10: another protocol ends the session at its first line.
        .. ((string[])["GET / HTTP/1.1\r\nHost: x\r\n", "POST /x HTTP/1.1\r\n\r\nMAIL FROM:<s@f.test>\r\n", "CONNECT x:25 HTTP/1.1\r\n",
            "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\nNOOP\r\n", "SSH-2.0-OpenSSH_9.2\r\n"])
            .Select((bytes, place) => new SessionAttack($"B10-{place}", bytes, "554/5.5.1 close")),
        // B14: one answer for everybody.
        new("B14", "VRFY root\r\nEXPN list\r\nVRFY u@a.test\r\nVRFY nouser@a.test\r\n", "252 252 252 252"),
    ];

    private static IEnumerable<SessionAttack> Parameters() =>
    [
        // B13, B15, H1: behind the sender.
        .. (((string, string)[])
        [
            ("SIZE=1 SIZE=2", "501/5.5.4"), ("FOO=bar", "555/5.5.4"), ("BODY=9BIT", "501/5.5.4"), ("=x", "501/5.5.4"), ("AUTH=<>", "555/5.5.4"),
            ("AUTH=+0", "555/5.5.4"), ("SIZE=0", "250"), ("SIZE=1", "250"), ("SIZE=1024", "250"), ("SIZE=1025", "552/5.3.4"),
            ("SIZE=4294967296", "552/5.3.4"), ("SIZE=9223372036854775807", "552/5.3.4"), ("SIZE=18446744073709551616", "552/5.3.4"),
            ("SIZE=" + new string('9', 200), "501/5.5.4"), ("SIZE=-1", "501/5.5.4"), ("SIZE=+5", "501/5.5.4"), ("SIZE= 5", "501/5.5.4"),
            ("SIZE=0x10", "501/5.5.4"), ("SIZE=1e9", "501/5.5.4"), ("SIZE=\u00ef\u00bc\u0095", "501/5.5.4"), ("SIZE=\u00d9\u00a3", "501/5.5.4"),
            ("BODY=BINARYMIME", "501/5.5.4"), ("RET=FULL ENVID=+00abc", "501/5.5.4"), ("ENVID=a+0D+0AInjected:+20x", "501/5.5.4"),
            ("ENVID=+G1", "501/5.5.4"), ("ENVID=+2", "501/5.5.4"), ("ENVID=" + new string('a', 1900), "501/5.5.4"),
        ]).Select(row => new SessionAttack($"B13-{row.Item1[..Math.Min(30, row.Item1.Length)]}", $"{Hello}MAIL FROM:<s@f.test> {row.Item1}\r\n{Recipient}",
            $"250|{row.Item2} {(row.Item2 == "250" ? "250" : "503/5.5.1")}")),
        // Behind a recipient.
        .. ((string[])["ORCPT=rfc822;a+00b", "ORCPT=rfc822;x+0D+0AY", "ORCPT=rfc822;a+G1", "ORCPT=rfc822;a+2", "NOTIFY=NEVER,SUCCESS", "NOTIFY=NEVER NOTIFY=NEVER", "=x"])
            .Select(text => new SessionAttack($"B15-{text}", $"{Hello}{Mail}RCPT TO:<u@a.test> {text}\r\nDATA\r\n", "250|250 501/5.5.4 503/5.5.1")),
        // The shapes that made another server read before the start of its buffer.
        .. ((string[])["MAIL FROM:<a@b>=\"", "MAIL FROM:<a@b.test>\"", "MAIL FROM:<a@b.test>=\"\"=", "MAIL FROM:", "MAIL FROM:<\""])
            .Select(line => new SessionAttack($"B13-{line}", $"{Hello}{line}\r\n{Recipient}", "250|501 503/5.5.1")),
        // Extensions are not for those who said HELO.
        new("B13-helo", "HELO c.test\r\n\u23f8MAIL FROM:<s@f.test> SIZE=1\r\n", "250|555/5.5.4"),
    ];

    // What comes too early, which only a segment shows.
    private static IEnumerable<SessionAttack> Segments() =>
    [
        new("B2-behind", $"{Hello}{Mail}{Nobody}DATA\r\nMAIL FROM:<evil@bank.test>\r\n{Recipient}DATA\r\nx\r\n.\r\n", "250|250 550/5.1.1 554 close") { IsOneSegment = true },
        .. ((string[])["EHLO c.test\r\nNOOP\r\n", "HELO c.test\r\nN", "QUIT\r\nNOOP\r\n", "STARTTLS\r\nRSET\r\n", "STARTTLS\r\nEHLO x\r\nMAIL FROM:<inj@f.test>\r\n",
            "AUTH PLAIN\r\nAHUAcHc=\r\n", "DATA\r\nx"])
            .Select((bytes, place) => new SessionAttack($"B12-{place}", bytes, "554/5.5.0 close") { IsOneSegment = true }),
        new("B12-content", $"{Hello}{Mail}{Recipient}DATA\r\nx\r\n.\r\n", "250|250 250 554/5.5.0 close") { IsOneSegment = true },
    ];
}
