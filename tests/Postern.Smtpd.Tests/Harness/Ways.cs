namespace Postern.Smtpd.Tests.Harness;

/// <summary>The ways in which a network may deliver the same bytes.</summary>
internal static class Ways
{
    /// <summary>All at once, and each byte by itself.</summary>
    public static IEnumerable<string[]> Of(string bytes)
    {
        yield return [bytes];
        yield return [.. bytes.Select(letter => letter.ToString())];
    }

    /// <summary>The same, and cut in two at every place.</summary>
    public static IEnumerable<string[]> EverySplitOf(string bytes)
    {
        foreach (var way in Of(bytes)) yield return way;
        for (var at = 1; at < bytes.Length; at++) yield return [bytes[..at], bytes[at..]];
    }

    /// <summary>Lines as a client may send them: a segment up to each reply that it has to wait for (RFC 2920 §3.1), and each byte
    /// by itself.</summary>
    public static IEnumerable<string[]> OfLines(IEnumerable<string> lines)
    {
        var groups = new List<string> { "" };
        foreach (var line in lines)
        {
            groups[^1] += line + "\r\n";
            if (EndsGroup(line)) groups.Add("");
        }

        yield return [.. groups.Where(group => group.Length > 0)];
        yield return [.. string.Concat(groups).Select(letter => letter.ToString())];
    }

    private static bool EndsGroup(string line) =>
        line.Split(' ')[0].ToUpperInvariant() is "EHLO" or "HELO" or "LHLO" or "DATA" or "QUIT" or "STARTTLS" or "AUTH";
}
