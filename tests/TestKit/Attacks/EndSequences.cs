namespace Postern.TestKit.Attacks;

/// <summary>Bytes that some server somewhere took for the end of a message, or for a line end; docs/attacks.tsv, group A.</summary>
/// <param name="Id">The attack's number there, with a letter where it has several forms.</param>
/// <param name="Bytes">The sequence, a character per byte.</param>
/// <param name="Stored">What it is as content of DATA; null when it refuses the message.</param>
public sealed record EndSequence(string Id, string Bytes, string? Stored = null)
{
    /// <summary>The sequence where an attacker puts it: inside a message, in front of a second one.</summary>
    public string Attack => EndSequences.Header + Bytes + EndSequences.Smuggled;

    /// <inheritdoc/>
    public override string ToString() => Id;
}

/// <summary>The sequences that every way in and out has to stand: DATA, BDAT, local submission, notifications, relaying.</summary>
public static class EndSequences
{
    /// <summary>The first message up to the sequence.</summary>
    public const string Header = "From: s@f.test\r\nSubject: t\r\n\r\nbody";

    /// <summary>The second one, up to the true end.</summary>
    public const string Smuggled = "MAIL FROM:<evil@bank.test>\r\nRCPT TO:<v@a.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n";

    /// <summary>Those with a byte that no content may have.</summary>
    public static IReadOnlyList<EndSequence> Refused { get; } =
    [
        // The lenient ends of other servers' history: a line end of their own before or after the dot.
        new("A1", "\n.\n"),
        new("A2", "\r.\r"),
        new("A3", "\r.\n"),
        new("A4", "\n.\r"),
        new("A5", "\n.\r\n"),
        new("A6", "\r\n.\n"),
        new("A7", "\r\n.\r"),
        new("A8", "\r.\r\n"),
        new("A9", "\n\n.\r\n"),
        new("A10", "\r\n.\n\r\n"),
        new("A11", "\n\r.\n\r"),
        // A NUL that a C string would end at, or that a filter would drop.
        new("A12", "\r\n.\0\r\n"),
        new("A13", "\r\n\0.\r\n"),
        // Doubled carriage returns, which some collapse.
        new("A14", "\r\r\n.\r\r\n"),
        new("A15", "\r\n.\r\r\n"),
        new("A16", "\r\n.\r\0\n"),
        // Stuffed dots between bare line ends.
        new("A21a", "\n..\n"),
        new("A21b", "\r\n..\n"),
        // Lone line ends and NUL anywhere else.
        new("A24", "a\rb\r\n"),
        new("A27", "a\0b\r\n"),
    ];

    /// <summary>Those that are content like any other.</summary>
    public static IReadOnlyList<EndSequence> Allowed { get; } =
    [
        // A line that begins with a dot is a line: the dot is taken off and nothing else happens.
        new("A17a", "\r\n. \r\n", "\r\n \r\n"),
        new("A17b", "\r\n.\t\r\n", "\r\n\t\r\n"),
        // A dot with a combining accent.
        new("A18", "\r\n.\u00cc\u0081\r\n", "\r\n\u00cc\u0081\r\n"),
        // NEL, LINE SEPARATOR, vertical tab and form feed end lines elsewhere, never in mail.
        new("A19a", "\u0085.\u0085", "\u0085.\u0085"),
        new("A19b", "\u00e2\u0080\u00a8.\u00e2\u0080\u00a8", "\u00e2\u0080\u00a8.\u00e2\u0080\u00a8"),
        new("A20a", "\u000b.\u000b", "\u000b.\u000b"),
        new("A20b", "\u000c.\u000c", "\u000c.\u000c"),
        new("A21c", "\r\n..\r\n", "\r\n.\r\n"),
    ];

    /// <summary>All of them, and the true end, which is content wherever content does not come by DATA.</summary>
    public static IReadOnlyList<EndSequence> All { get; } = [.. Refused, .. Allowed, new EndSequence("A28", "\r\n.\r\n")];
}
