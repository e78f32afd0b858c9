using System.Text;

namespace Postern.Text;

/// <summary>Turns bytes of any origin into text that a terminal and a log line survive.</summary>
public static class EscapedText
{
    /// <summary>Bytes shown of one value; the rest is cut (SECURITY M1).</summary>
    public const int MaxShown = 256;

    /// <summary>Writes printable ASCII as it is, a backslash and a quotation mark after a backslash, all else as \xNN.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <param name="maximum">How many of them are shown.</param>
    public static string Of(ReadOnlySpan<byte> bytes, int maximum = MaxShown)
    {
        var shown = bytes[..Math.Min(bytes.Length, maximum)];
        if (shown.Length == bytes.Length && !shown.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !shown.ContainsAny((byte)'\\', (byte)'"'))
        {
            return Encoding.ASCII.GetString(shown);
        }

        var text = new StringBuilder(shown.Length + 16);
        foreach (var value in shown)
        {
            _ = value switch
            {
                (byte)'\\' or (byte)'"' => text.Append('\\').Append((char)value),
                >= (byte)' ' and <= (byte)'~' => text.Append((char)value),
                _ => text.Append("\\x").Append(Convert.ToHexString([value])),
            };
        }

        return shown.Length < bytes.Length ? text.Append("...").ToString() : text.ToString();
    }
}
