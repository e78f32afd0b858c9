namespace Postern.Smtpd.Tests.Harness;

/// <summary>Takes a server's bytes apart into replies, and insists on their form (RFC 5321 §4.2).</summary>
internal static class ReplyText
{
    /// <summary>The complete replies; throws for one that is not well-formed.</summary>
    public static IReadOnlyList<string> Split(string received)
    {
        var replies = new List<string>();
        var current = new List<string>();
        var start = 0;
        while (true)
        {
            var end = received.IndexOf("\r\n", start, StringComparison.Ordinal);
            if (end < 0) return replies;
            var line = received[start..end];
            start = end + 2;
            Demand(line.Length is >= 4 and <= 510, line);
            Demand(line.All(letter => letter is >= ' ' and <= '~'), line);
            Demand(line[0] is >= '2' and <= '5' && char.IsAsciiDigit(line[1]) && char.IsAsciiDigit(line[2]), line);
            Demand(line[3] is ' ' or '-', line);
            Demand(current.Count == 0 || current[0][..3] == line[..3], line);
            current.Add(line);
            if (line[3] == '-') continue;
            replies.Add(string.Join('\n', current));
            current.Clear();
        }
    }

    private static void Demand(bool condition, string line)
    {
        if (!condition) throw new InvalidOperationException($"Not a reply: {line}");
    }
}
