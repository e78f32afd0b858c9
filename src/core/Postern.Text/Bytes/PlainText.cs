namespace Postern.Text;

/// <summary>Foreign text made harmless for good: printable ASCII of a limited length, which a second pass leaves alone.</summary>
/// <remarks>
/// For text that travels through several programs into a notification. <see cref="EscapedText"/> tells every byte, but doubles
/// its backslashes each time; here what is not printable is lost once.
/// </remarks>
public static class PlainText
{
    /// <summary>True when the text is as <see cref="Of"/> makes it.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> text, int maxLength) => text.Length <= maxLength && Ascii.IsPrintable(text);

    /// <summary>A copy in which line ends and tabs become one space, each other byte that does not print is "?", and what is
    /// too long is cut.</summary>
    public static byte[] Of(ReadOnlySpan<byte> text, int maxLength)
    {
        byte[] plain = new byte[Math.Min(text.Length, maxLength)];
        int at = 0;
        bool afterSpace = false;
        foreach (byte value in text)
        {
            if (at == plain.Length) break;
            bool breaks = value is (byte)'\t' or (byte)'\r' or (byte)'\n';
            if (breaks && afterSpace) continue;
            plain[at++] = breaks ? (byte)' ' : Ascii.IsPrintable(value) ? value : (byte)'?';
            afterSpace = breaks || value == ' ';
        }
        return at == plain.Length ? plain : plain[..at];
    }
}
