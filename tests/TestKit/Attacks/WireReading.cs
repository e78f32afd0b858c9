namespace Postern.TestKit.Attacks;

/// <summary>Reads what was sent after DATA as other servers do, to see where each of them believes that the message ends.</summary>
public static class WireReading
{
    /// <summary>The messages that a strict server finds (RFC 5321 §4.1.1.4), as sent; what is left over has no end.</summary>
    public static (int Messages, string Left) Strict(string wire) => Read(wire, "\r\n.\r\n", skipped: 2);

    /// <summary>The messages that the most lenient server finds: any CR or LF ends a line, and a NUL is not there.</summary>
    public static (int Messages, string Left) Lenient(string wire) =>
        Read(wire.Replace("\0", "", StringComparison.Ordinal).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'), "\n.\n", skipped: 1);

    /// <summary>True when no CR stands without its LF, no LF without its CR, and there is no NUL.</summary>
    public static bool IsClean(string wire) =>
        wire.Replace("\r\n", "", StringComparison.Ordinal).IndexOfAny(['\r', '\n', '\0']) < 0;

    // The line end in front of the dot may be that of the command before.
    private static (int Messages, string Left) Read(string wire, string end, int skipped)
    {
        int count = 0;
        string rest = end[..skipped] + wire;
        for (int at = rest.IndexOf(end, StringComparison.Ordinal); at >= 0; at = rest.IndexOf(end, StringComparison.Ordinal))
        {
            count++;
            rest = end[..skipped] + rest[(at + end.Length)..];
        }

        return (count, rest[skipped..]);
    }
}
