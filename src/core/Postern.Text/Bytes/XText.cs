namespace Postern.Text;

/// <summary>The encoding of ENVID and ORCPT (RFC 3461 §4): printable ASCII as it is, every other byte as "+" and two
/// capital hexadecimal digits.</summary>
public static class XText
{
    /// <summary>How many bytes one byte becomes at most.</summary>
    public const int MaxGrowth = 3;

    /// <summary>Decodes. Small hexadecimal digits are refused, as the RFC has capitals only.</summary>
    /// <param name="text">The encoded text; may be empty.</param>
    /// <param name="output">At least as many bytes.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>False when it is not xtext. What it stands for may still be anything: see <see cref="TryDecodePrintable"/>.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> output, out int written)
    {
        written = 0;
        for (int i = 0; i < text.Length; i++)
        {
            byte value = text[i];
            if (value == '+')
            {
                if (text.Length - i < 3) return false;
                int high = CapitalHexValue(text[i + 1]);
                int low = CapitalHexValue(text[i + 2]);
                if (high < 0 || low < 0) return false;
                value = (byte)((high << 4) | low);
                i += 2;
            }
            else if (!IsPlain(value))
            {
                return false;
            }
            output[written++] = value;
        }
        return true;
    }

    /// <summary>Decodes what must be printable ASCII, as both parameters must (RFC 3461 §4.2, §4.4).</summary>
    /// <remarks>
    /// The decoded text ends up in the header of a notification: a CR and LF that hide in the encoding would begin a field of
    /// the sender's choice there, and a NUL would end the text for a reader in C.
    /// </remarks>
    /// <inheritdoc cref="TryDecode"/>
    public static bool TryDecodePrintable(ReadOnlySpan<byte> text, Span<byte> output, out int written) =>
        TryDecode(text, output, out written) && Ascii.IsPrintable(output[..written]);

    /// <summary>Encodes.</summary>
    /// <param name="raw">Any bytes.</param>
    /// <param name="output">At least <see cref="MaxGrowth"/> times as many bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Encode(ReadOnlySpan<byte> raw, Span<byte> output)
    {
        int at = 0;
        foreach (byte value in raw)
        {
            if (IsPlain(value))
            {
                output[at++] = value;
                continue;
            }
            output[at++] = (byte)'+';
            output[at++] = "0123456789ABCDEF"u8[value >> 4];
            output[at++] = "0123456789ABCDEF"u8[value & 0xf];
        }
        return at;
    }

    private static bool IsPlain(byte value) => Ascii.IsGraphic(value) && value is not ((byte)'+' or (byte)'=');

    private static int CapitalHexValue(byte value) => value is >= (byte)'a' and <= (byte)'f' ? -1 : Ascii.HexValue(value);
}
