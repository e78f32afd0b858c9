namespace Postern.Smtp.Tests.Content;

/// <summary>
/// The dot decoder once more, slowly and on the whole input: it looks at complete lines where the product keeps a state,
/// so that the two don't share a mistake.
/// </summary>
internal static class ReferenceDotDecoder
{
    /// <returns>"end", "more" or "bad"; the content; where the next command starts when the end was found.</returns>
    public static (string Verdict, string Content, int Next) Decode(string stream)
    {
        string content = "";
        for (int start = 0; ;)
        {
            int end = start;
            while (end < stream.Length && stream[end] != '\r')
            {
                if (stream[end] is '\n' or '\0') return ("bad", "", 0);
                end++;
            }
            if (end + 1 < stream.Length && stream[end + 1] != '\n') return ("bad", "", 0);
            if (end + 1 >= stream.Length) return ("more", "", 0);
            string line = stream[start..end];
            start = end + 2;
            if (line == ".") return ("end", content, start);
            content += (line.StartsWith('.') ? line[1..] : line) + "\r\n";
        }
    }

    /// <returns>Where the next command starts after the strict end, or -1.</returns>
    public static int EndOf(string stream)
    {
        int at = ("\r\n" + stream).IndexOf("\r\n.\r\n", StringComparison.Ordinal);
        return at < 0 ? -1 : at + 3;
    }
}
