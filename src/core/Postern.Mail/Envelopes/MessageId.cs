using System.Text;

namespace Postern.Mail;

/// <summary>The queue's number for a message, given once and never again.</summary>
/// <param name="Value">The number.</param>
public readonly record struct MessageId(ulong Value)
{
    /// <summary>The text's length: 64 bits, five to a character.</summary>
    public const int TextLength = 13;

    private const int BitsPerCharacter = 5;

    /// <summary>Crockford's base 32, which leaves out the letters that look like digits, in ascending order: texts sort as
    /// their numbers do.</summary>
    private static ReadOnlySpan<byte> Alphabet => "0123456789abcdefghjkmnpqrstvwxyz"u8;

    /// <summary>Reads the text. An id has one spelling: capitals and look-alikes are refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out MessageId id)
    {
        id = default;
        if (text.Length != TextLength) return false;
        // Thirteen characters hold 65 bits.
        if (Alphabet.IndexOf(text[0]) > 0xf) return false;
        ulong value = 0;
        foreach (byte character in text)
        {
            int digit = Alphabet.IndexOf(character);
            if (digit < 0) return false;
            value = (value << BitsPerCharacter) | (uint)digit;
        }
        id = new MessageId(value);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out MessageId)"/>
    public static bool TryParse(string text, out MessageId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[TextLength];
        return System.Text.Ascii.FromUtf16(text, bytes, out int length) == System.Buffers.OperationStatus.Done && TryParse(bytes[..length], out id);
    }

    /// <summary>Writes the text.</summary>
    /// <param name="output">At least <see cref="TextLength"/> bytes.</param>
    public void Write(Span<byte> output)
    {
        ulong rest = Value;
        for (int i = TextLength - 1; i >= 0; i--)
        {
            output[i] = Alphabet[(int)(rest & 0x1f)];
            rest >>= BitsPerCharacter;
        }
    }

    /// <summary>The text.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[TextLength];
        Write(text);
        return Encoding.ASCII.GetString(text);
    }
}
