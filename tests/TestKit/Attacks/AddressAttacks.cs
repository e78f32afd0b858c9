using static Postern.TestKit.Attacks.SessionAttack;

namespace Postern.TestKit.Attacks;

/// <summary>A recipient that is not ours, however it is written.</summary>
/// <param name="Id">The attack's number in docs/attacks.tsv, group E.</param>
/// <param name="Path">What stands behind RCPT TO:.</param>
/// <param name="Reply">The beginning of the reply to a stranger.</param>
public sealed record ForeignRecipient(string Id, string Path, string Reply);

/// <summary>Group E: addresses that would make an open relay, a shell, or a hole.</summary>
public static class AddressAttacks
{
    /// <summary>Recipients that no stranger gets mail through to.</summary>
    public static IReadOnlyList<ForeignRecipient> Foreign { get; } =
    [
        new("E1", "<x@f.test>", "550 5.7.1"),
        new("E2", "x@f.test", "550 5.7.1"),
        new("E3", "<\"x@f.test\">", "501 5.1.3"),
        new("E4", "<x%f.test@a.test>", "550 5.1.1"),
        new("E5", "<x%f.test@[127.0.0.1]>", "550 5.7.1"),
        new("E6", "<\"x%f.test\"@a.test>", "550 5.1.1"),
        new("E7", "<\"x@f.test\"@a.test>", "550 5.1.1"),
        new("E8", "<x@f.test@a.test>", "501 5.1.3"),
        new("E9", "<@a.test:x@f.test>", "553 5.1.0"),
        new("E10", "<@a.test,@b.test:x@f.test>", "553 5.1.0"),
        new("E11", "<f.test!x>", "501 5.1.3"),
        new("E12", "<f.test!x@a.test>", "550 5.1.1"),
        new("E13", "<a.test!f.test!x>", "501 5.1.3"),
        new("E14", "<x@f.test@[192.0.2.1]>", "501 5.1.3"),
        new("E15", "<x@[192.0.2.1]>", "550 5.7.1"),
        new("E16", "<x@f.test.>", "501 5.1.3"),
        new("E16", "<u@a.test.>", "501 5.1.3"),
        new("E17", "<x%f.test>", "501 5.1.3"),
        new("E18", "<x@a.test@f.test>", "501 5.1.3"),
        new("E20", "<x@f.test(a.test)>", "501 5.1.3"),
        new("E20", "<x@f.test> (a.test)", "501 5.5.4"),
        // Fullwidth a, ideographic full stop.
        new("E21", "<u@\u00ef\u00bd\u0081.test>", "553 5.6.7"),
        new("E21", "<u@a\u00e3\u0080\u0082test>", "553 5.6.7"),
        // An encoding of nothing, or of a control: a name of its own, and nobody else's.
        new("E23", "<x@xn--f-test>", "550 5.7.1"),
        new("E23", "<x@xn--a.test>", "550 5.7.1"),
        new("E24", "<x@[IPv6:::1]>", "550 5.7.1"),
        new("E24", "<x@[IPv6:::ffff:127.0.0.1]>", "550 5.7.1"),
        new("E24", "<x@[::1]>", "501 5.1.3"),
        new("E24", "<x@[0177.0.0.1]>", "501 5.1.3"),
        new("E24", "<x@[010.0.0.1]>", "501 5.1.3"),
        new("E24", "<x@[127.1]>", "501 5.1.3"),
        new("E24", "<x@[2130706433]>", "501 5.1.3"),
        new("E24", "<x@[0x7f.1]>", "501 5.1.3"),
        new("E24", "<x@127.0.0.1>", "501 5.1.3"),
        new("E24", "<x@0x7f.0x1>", "501 5.1.3"),
        new("E24", "<x@2130706433>", "501 5.1.3"),
        new("E24", "<x@#2130706433>", "501 5.1.3"),
        // A route that ends here is refused as well: what is left after it was stripped would be another address.
        new("E25", "<@f.test:u@a.test>", "553 5.1.0"),
        new("E25", "<@a.test:u@a.test>", "553 5.1.0"),
    ];

    /// <summary>Whole sessions with them and with the rest of the group.</summary>
    public static IReadOnlyList<SessionAttack> All { get; } = [.. Relaying(), .. Recipients(), .. Senders()];

    // One of ours beside it gets the message, and nobody else.
    private static IEnumerable<SessionAttack> Relaying() => Foreign.Select(row => new SessionAttack(
        $"{row.Id}-{row.Path}",
        $"{Hello}MAIL FROM:<>\r\nRCPT TO:{row.Path}\r\nRCPT TO:<u@a.test>\r\n{Data}x\r\n.\r\n",
        $"250|250 {row.Reply.Replace(' ', '/')} 250 354|250",
        "u@a.test: x\r\n"));

    private static IEnumerable<SessionAttack> Recipients() =>
        from row in ((string, string, string)[])
        [
            ("E19", "<x@a.test\0.f.test>", "500/5.5.2 close"),
            ("E22", "<u@A.TEST>", "250"), ("E26", "<postmaster>", "250"), ("E26", "<POSTMASTER>", "250"),
            ("E27", "<\"a b\"@a.test>", "550/5.1.1"), ("E27", "<\"a\\\"b\"@a.test>", "550/5.1.1"), ("E27", "<\"a\\\\b\"@a.test>", "550/5.1.1"),
            ("E27", "<\"\\u\"@a.test>", "250"), ("E27", "<\"\"@a.test>", "501/5.1.3"), ("E27", "<\"..\"@a.test>", "550/5.1.1"),
            ("E28", $"<{new string('l', 64)}@a.test>", "550/5.1.1"), ("E28", $"<{new string('l', 65)}@a.test>", "501/5.1.3"),
            ("E28", $"<u@{new string('d', 63)}.test>", "550/5.7.1"), ("E28", $"<u@{new string('d', 64)}.test>", "501/5.1.3"),
            ("E29", "<|\"exec sh\"@a.test>", "501/5.1.3"), ("E29", "<${run{\\x2Fbin\\x2Fsh\\t-c\\t\"id\"}}@a.test>", "501/5.1.3"),
            ("E29", "<$(id)@a.test>", "501/5.1.3"), ("E29", "<`id`@a.test>", "550/5.1.1"), ("E29", "<() { :;};id@a.test>", "501/5.1.3"),
            ("E29", "<--@a.test>", "550/5.1.1"), ("E29", "<%n%s@a.test>", "550/5.1.1"), ("E29", "</dev/null@a.test>", "550/5.1.1"),
            ("E30", "<u@>", "501/5.1.3"), ("E30", "<@a.test>", "501/5.1.3"), ("E30", "<@>", "501/5.1.3"), ("E30", "<u@a..test>", "501/5.1.3"),
            ("E30", "<u@.test>", "501/5.1.3"), ("E30", "<.u@a.test>", "501/5.1.3"), ("E30", "<u.@a.test>", "501/5.1.3"),
            ("E30", "<u..v@a.test>", "501/5.1.3"),
            ("E31", "<\"a\tb\"@a.test>", "501/5.1.3"), ("E31", "<\"\r\"@a.test>", "500/5.5.2 close"), ("E31", "<\"\n\"@a.test>", "500/5.5.2 close"),
            ("E34", "<u+../../x@a.test>", "501/5.1.3"),
        ]
        let refused = row.Item3.Contains("close", StringComparison.Ordinal)
        select new SessionAttack($"{row.Item1}-{row.Item2}", $"{Hello}MAIL FROM:<>\r\nRCPT TO:{row.Item2}\r\n{(refused ? "" : "NOOP\r\n")}",
            $"250|250 {row.Item3}{(refused ? "" : " 250/2.0.0")}");

    // E29, E30, E31: the sender that once ran a shell elsewhere; what a line end in quotes makes of one.
    private static IEnumerable<SessionAttack> Senders() =>
    [
        .. (((string, string)[])
        [
            ("<;sleep 66;>", "501/5.1.7"), ("<;for i in 0 1 2 3;do read r;done;sh;exit 0;@f.test>", "501/5.1.7"), ("<|/bin/sh@f.test>", "250"),
            ("<-oQ/tmp@f.test>", "250"), ("<s@>", "501/5.1.7"), ("<@f.test>", "501/5.1.7"), ("<\"a\tb\"@f.test>", "501/5.1.7"),
        ]).Select(row => new SessionAttack($"E29-{row.Item1}", $"{Hello}MAIL FROM:{row.Item1}\r\nRCPT TO:<u@a.test>\r\n",
            $"250|{row.Item2} {(row.Item2 == "250" ? "250" : "503/5.5.1")}")),
        new("E31-quoted", Hello + "MAIL FROM:<\"a\r\nBcc: x\"@f.test>\r\nNOOP\r\n", "250|501/5.1.7 500/5.5.2 250/2.0.0"),
    ];
}
