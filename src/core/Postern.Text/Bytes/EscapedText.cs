using System.Text;

namespace Postern.Text;

/// <summary>Foreign bytes as text for a log or a terminal: every byte can be told from every other, and none does anything.</summary>
/// <remarks>
/// Escape sequences move cursors and answer as if typed, line ends forge log entries, overrides turn text around. So all but
/// 0x20 to 0x7e becomes \xNN, and a backslash stands before a backslash or a quotation mark, so that a log may put the text in
/// quotes.
/// </remarks>
public static class EscapedText
{
    /// <summary>The longest text, its mark of being cut included. Arbitrary: a mailbox fits, and a line stays readable.</summary>
    public const int MaxLength = 256;

    private static ReadOnlySpan<byte> CutMark => "..."u8;

    /// <summary>The bytes as text of at most <see cref="MaxLength"/> characters; "..." stands where it was cut.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(text[..Write(bytes, text)]);
    }

    /// <summary>The same for a string, by way of its UTF-8.</summary>
    public static string Of(string text)
    {
        // A character has at least one byte, and one more than fits makes the cut visible.
        var start = text.AsSpan(0, Math.Min(text.Length, MaxLength + 1));
        Span<byte> bytes = stackalloc byte[3 * (MaxLength + 1)];
        return Of(bytes[..Encoding.UTF8.GetBytes(start, bytes)]);
    }

    /// <summary>Writes the escaped bytes as far as they fit.</summary>
    /// <param name="bytes">Anything.</param>
    /// <param name="output">At least 3 bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(ReadOnlySpan<byte> bytes, Span<byte> output)
    {
        int at = 0;
        // Where to cut if it does not all fit: behind the last whole sign that leaves room for the mark.
        int cut = 0;
        foreach (byte value in bytes)
        {
            int size = SizeOf(value);
            if (at + size > output.Length)
            {
                CutMark.CopyTo(output[cut..]);
                return cut + CutMark.Length;
            }
            WriteOne(value, output[at..]);
            at += size;
            if (at + CutMark.Length <= output.Length) cut = at;
        }
        return at;
    }

    private static int SizeOf(byte value) => !Ascii.IsPrintable(value) ? 4 : IsSpecial(value) ? 2 : 1;

    private static bool IsSpecial(byte value) => value is (byte)'\\' or (byte)'"';

    private static void WriteOne(byte value, Span<byte> output)
    {
        if (Ascii.IsPrintable(value))
        {
            if (IsSpecial(value)) output[0] = (byte)'\\';
            output[SizeOf(value) - 1] = value;
            return;
        }
        output[0] = (byte)'\\';
        output[1] = (byte)'x';
        output[2] = "0123456789abcdef"u8[value >> 4];
        output[3] = "0123456789abcdef"u8[value & 0xf];
    }
}
