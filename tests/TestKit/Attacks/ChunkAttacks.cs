using static Postern.TestKit.Attacks.SessionAttack;

namespace Postern.TestKit.Attacks;

/// <summary>Group H: numbers and chunks.</summary>
public static class ChunkAttacks
{
    private const string Begin = Hello + Envelope;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SessionAttack> All { get; } =
    [
        // H2: what comes counts, not what was said.
        new("H2-less", $"{Hello}MAIL FROM:<s@f.test> SIZE=10\r\nRCPT TO:<u@a.test>\r\n{Data}{new string('x', MaxSize)}\r\n.\r\n", "250|250 250 354|552/5.3.4"),
        new("H2-more", $"{Hello}MAIL FROM:<s@f.test> SIZE=1000\r\nRCPT TO:<u@a.test>\r\n{Data}x\r\n.\r\n", "250|250 250 354|250", "u@a.test: x\r\n"),
        // H3: chunks of no bytes, and lengths that are none, behind which nobody knows where the next command begins.
        new("H3-empty", Begin + "BDAT 0 LAST\r\nNOOP\r\n", "250|250 250 250 250", "u@a.test: "),
        new("H3-zero", Begin + "BDAT 0\r\nBDAT 05 last\r\nhelloNOOP\r\n", "250|250 250 250 250 250", "u@a.test: hello"),
        .. ((string[])["-1", "18446744073709551615", "5 LASTX", "5 LAST x", "", "x", "+5", "0x5", "5 5"])
            .Select(size => new SessionAttack($"H3-{size}", $"{Begin}BDAT {size}\r\nhelloNOOP\r\n", "250|250 250 501/5.5.4 close")),
        new("H3-huge", Begin + "BDAT 9223372036854775807 LAST\r\nRSET\r\nQUIT\r\n", "250|250 250"),
        // H4: exactly the chunk is passed over.
        new("H4-early", Hello + "BDAT 29\r\nRSET\r\nMAIL FROM:<x@y>\r\nQUIT\r\nNOOP\r\n", "250|503/5.5.1 250"),
        new("H4-large", $"{Begin}BDAT {MaxSize + 6}\r\n{new string('x', MaxSize)}QUIT\r\nNOOP\r\nDATA\r\n", "250|250 250 552/5.3.4 250 503/5.5.1"),
        // H5: one message, one way.
        new("H5-data", Begin + "BDAT 5\r\nhelloDATA\r\n", "250|250 250 250 503/5.5.1"),
        new("H5-after", Begin + "BDAT 5 LAST\r\nhelloDATA\r\n", "250|250 250 250 503/5.5.1", "u@a.test: hello"),
        new("H5-again", Begin + "BDAT 5 LAST\r\nhelloBDAT 6 LAST\r\nQUIT\r\n", "250|250 250 250 503/5.5.1", "u@a.test: hello"),
        new("H5-reset", Begin + "BDAT 5\r\nhelloRSET\r\nBDAT 6 LAST\r\nQUIT\r\n", "250|250 250 250 250 503/5.5.1"),
        new("H5-mail", Begin + "BDAT 5\r\nhelloMAIL FROM:<>\r\n", "250|250 250 250 503/5.5.1"),
        // H6: what ends DATA is content here, and bare line ends are refused as there.
        new("H6-dots", Begin + "BDAT 14 LAST\r\n.\r\n\r\n.\r\nQUIT\r\n", "250|250 250 250", "u@a.test: .\r\n\r\n.\r\nQUIT\r\n"),
        new("H6-less", Begin + "BDAT 10 LAST\r\n.\r\n", "250|250 250"),
        .. EndSequences.Refused.Select(sequence => new SessionAttack($"H6-{sequence.Id}",
            $"{Begin}BDAT {sequence.Attack.Length} LAST\r\n{sequence.Attack}NOOP\r\n", "250|250 250 554/5.6.0 close")),
        // H8: the next command begins exactly behind the chunk; half of a chunk is no message.
        new("H8-exact", Begin + "BDAT 3 LAST\r\nabcMAIL FROM:<>\r\nRCPT TO:<v@a.test>\r\nBDAT 3 LAST\r\ndefNOOP\r\n", "250|250 250 250 250 250 250 250",
            "u@a.test: abc", "v@a.test: def"),
        new("H8-lost", Begin + "BDAT 5\r\nhelloBDAT 5 LAST\r\nhel", "250|250 250 250"),
        // H9: not on offer.
        new("H9", $"{Hello}MAIL FROM:<s@f.test> BODY=BINARYMIME\r\nRCPT TO:<u@a.test>\r\nBDAT 3 LAST\r\na\nbNOOP\r\n", "250|501/5.5.4 503/5.5.1 503/5.5.1 250"),
    ];
}
