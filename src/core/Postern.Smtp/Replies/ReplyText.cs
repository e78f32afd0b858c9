namespace Postern.Smtp;

/// <summary>Makes text safe to stand in a reply, and text from a reply safe to keep.</summary>
internal static class ReplyText
{
    /// <summary>How long one byte becomes at worst: \x7F.</summary>
    private const int MaxEscape = 4;

    /// <summary>Copies printable ASCII and writes every other byte as \xHH, as far as there is room.</summary>
    /// <returns>How many bytes were written; an escape is never cut in two.</returns>
    public static int Escape(ReadOnlySpan<byte> text, Span<byte> output)
    {
        int length = 0;
        foreach (byte value in text)
        {
            bool isPrintable = value is >= 0x20 and <= 0x7e;
            if (output.Length - length < (isPrintable ? 1 : MaxEscape)) break;
            if (isPrintable)
            {
                output[length++] = value;
                continue;
            }
            output[length++] = (byte)'\\';
            output[length++] = (byte)'x';
            output[length++] = "0123456789ABCDEF"u8[value >> 4];
            output[length++] = "0123456789ABCDEF"u8[value & 0xf];
        }
        return length;
    }
}
