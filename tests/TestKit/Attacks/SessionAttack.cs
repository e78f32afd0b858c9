namespace Postern.TestKit.Attacks;

/// <summary>What an attacker sends over one connection, and all that may come of it; docs/attacks.tsv, groups A to H.</summary>
/// <param name="Id">The attack's number there, and behind a dash what tells its forms apart.</param>
/// <param name="Sent">The bytes, a character for each, with <see cref="Wait"/> wherever a client has to wait for replies (RFC 2920 §3.1).</param>
/// <param name="Replies">The beginning of each reply, code or code/status: those of one turn parted by spaces, turns by |. Last, "close"
/// where the server closes.</param>
/// <param name="Stored">The messages that exist afterwards, as "recipient,recipient: content".</param>
public sealed record SessionAttack(string Id, string Sent, string Replies, params IReadOnlyList<string> Stored)
{
    /// <summary>Between what is sent: the replies so far have to be read before the rest.</summary>
    public const char Wait = '\u23f8';

    /// <summary>The size limit of the server that the attacks are for: the smallest that can be configured.</summary>
    public const int MaxSize = 1024;

    /// <summary>EHLO and its reply.</summary>
    public const string Hello = "EHLO c.test\r\n\u23f8";

    /// <summary>Sender and recipient.</summary>
    public const string Envelope = "MAIL FROM:<s@f.test>\r\nRCPT TO:<u@a.test>\r\n";

    /// <summary>DATA and its reply.</summary>
    public const string Data = "DATA\r\n\u23f8";

    /// <summary>True where the attack is what comes in one segment: byte by byte there is none.</summary>
    public bool IsOneSegment { get; init; }

    /// <summary>True where the server closes.</summary>
    public bool Closes => Replies.EndsWith("close", StringComparison.Ordinal);

    /// <summary>What is sent, turn by turn.</summary>
    public IReadOnlyList<string> Turns => Sent.TrimEnd(Wait).Split(Wait);

    /// <summary>What each turn is answered, reply by reply.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Answers =>
        [.. Replies.Split('|').Select(turn => turn.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(reply => reply != "close").ToArray())];

    /// <summary>A session of whole lines, each of which has one reply.</summary>
    /// <param name="id">What to call it.</param>
    /// <param name="lines">The lines; the client waits where it has to.</param>
    /// <param name="replies">The beginning of the reply to each, and "close" where the server closes.</param>
    public static SessionAttack OfLines(string id, IReadOnlyList<string> lines, params IReadOnlyList<string> replies) => new(
        id,
        string.Concat(lines.Select(line => $"{line}\r\n{(EndsGroup(line) ? Wait : "")}")),
        string.Concat(lines.Zip(replies, (line, reply) => $"{reply} {(EndsGroup(line) ? "|" : "")}")).TrimEnd(' ', '|') + (replies[^1] == "close" ? " close" : ""));

    /// <summary>True when the text of a reply begins as it should.</summary>
    /// <param name="expected">Code, or code/status.</param>
    /// <param name="reply">The reply.</param>
    public static bool Matches(string expected, string reply) =>
        expected.Contains('/', StringComparison.Ordinal)
            ? reply.StartsWith(expected.Replace('/', ' ') + " ", StringComparison.Ordinal)
            : reply.StartsWith(expected + " ", StringComparison.Ordinal) || reply.StartsWith(expected + "-", StringComparison.Ordinal);

    /// <summary>The ways in which a network may deliver it: a segment for each turn; each byte by itself; and cut once more at every place.</summary>
    /// <returns>The name of the way and the segments of each turn.</returns>
    public IEnumerable<(string Name, string[][] Turns)> Ways()
    {
        yield return ("in one segment", [.. Turns.Select(turn => new[] { turn })]);
        if (IsOneSegment)
        {
            yield break;
        }

        yield return ("byte by byte", [.. Turns.Select(turn => turn.Select(letter => letter.ToString()).ToArray())]);
        for (var turn = 0; turn < Turns.Count; turn++)
        {
            for (var at = 1; at < Turns[turn].Length; at++)
            {
                yield return ($"cut in turn {turn} at {at}", [.. Turns.Select((text, place) => place == turn ? new[] { text[..at], text[at..] } : [text])]);
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Id;

    private static bool EndsGroup(string line) =>
        line.Split(' ')[0].ToUpperInvariant() is "EHLO" or "HELO" or "LHLO" or "DATA" or "QUIT" or "STARTTLS" or "AUTH";
}
