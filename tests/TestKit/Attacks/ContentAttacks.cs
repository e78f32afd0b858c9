using static Postern.TestKit.Attacks.SessionAttack;

namespace Postern.TestKit.Attacks;

/// <summary>Group A: what stands in content, or in place of its end.</summary>
public static class ContentAttacks
{
    private const string Begin = Hello + Envelope + Data;

    // What a refused message leaves: one reply, and nothing that came behind it was a command.
    private const string Refused = "250|250 250 354|554/5.6.0 close";
    private const string Taken = "250|250 250 354|250/2.0.0 221 close";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SessionAttack> All { get; } =
    [
        .. EndSequences.Refused.Select(sequence => new SessionAttack(sequence.Id, $"{Begin}{sequence.Attack}.\r\nQUIT\r\n", Refused)),
        .. EndSequences.Allowed.Select(sequence => new SessionAttack(sequence.Id, $"{Begin}{sequence.Attack}.\r\nQUIT\r\n", Taken,
            "u@a.test: " + EndSequences.Header + sequence.Stored + EndSequences.Smuggled)),
        // A22: a pause is no byte. Here it is the border of a segment, at every place; with time between, see SmugglingTests.
        new("A22-true", Begin + "body\r\n.\r\nQUIT\r\n", Taken, "u@a.test: body\r\n"),
        new("A22-false", Begin + "body\r\n.\nQUIT\r\n.\r\n", Refused),
        new("A23", Begin + "From: s@f.test\nSubject: t\r\n\r\nbody\r\n.\r\nQUIT\r\n", Refused),
        new("A24-header", Begin + "From: s@f.test\r\nSubject: a\rb\r\n\r\nbody\r\n.\r\nQUIT\r\n", Refused),
        // A25: two commands are never made of one line.
        new("A25-hello", "EHLO c.test\nMAIL FROM:<s@f.test>\nRCPT TO:<v@a.test>\nDATA\nx\n.\nQUIT\n", "500/5.5.2 close"),
        new("A25-recipient", Hello + "MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\nRCPT TO:<v@a.test>\r\nDATA\r\n", "250|250 500/5.5.2 close"),
        new("A25-return", Hello + "MAIL FROM:<s@f.test>\rRCPT TO:<v@a.test>\r\n", "250|500/5.5.2 close"),
        // A26: nothing ends at a NUL.
        new("A26-verb", "NO\0OP\r\nNOOP\r\n", "500/5.5.2 close"),
        new("A26-sender", Hello + "MAIL FROM:<a\0b@f.test>\r\nRCPT TO:<v@a.test>\r\n", "250|500/5.5.2 close"),
        new("A26-recipient", Hello + "MAIL FROM:<s@f.test>\r\nRCPT TO:<v@a.test\0.f.test>\r\n", "250|250 500/5.5.2 close"),
        new("A27-body", Begin + "Subject: t\r\n\r\na\0b\r\n.\r\nQUIT\r\n", Refused),
        // A28: one dot comes off each line that begins with one.
        new("A28-lines", Begin + "..x\r\n..\r\n...\r\n.x\r\n.\r\nQUIT\r\n", Taken, "u@a.test: .x\r\n.\r\n..\r\nx\r\n"),
        new("A28-start", Begin + ".x\r\n.\r\nQUIT\r\n", Taken, "u@a.test: x\r\n"),
        new("A29", Begin + ".\r\nQUIT\r\n", Taken, "u@a.test: "),
        // A30, A31: what lacks its end is no message; what has it is one, whoever reads the reply.
        new("A30", Begin + "Subject: t\r\n\r\nbody", "250|250 250 354|"),
        new("A31-dot", Begin + "body\r\n.", "250|250 250 354|"),
        new("A31-return", Begin + "body\r\n.\r", "250|250 250 354|"),
        new("A31-end", Begin + "body\r\n.\r\n", "250|250 250 354|250/2.0.0", "u@a.test: body\r\n"),
        // A32: behind the limit the content is passed over, up to its true end and no further.
        new("A32", $"{Begin}{new string('x', MaxSize)}\r\n.\nHELP\r\nHELP\r\n\r.\r\n\r\n.\r\nQUIT\r\n", "250|250 250 354|552/5.3.4 221 close"),
    ];
}
