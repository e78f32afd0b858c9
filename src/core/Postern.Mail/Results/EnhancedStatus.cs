using System.Text;
using Postern.Text;

namespace Postern.Mail;

/// <summary>An enhanced mail system status code, "5.1.1" (RFC 3463).</summary>
/// <param name="Class">2 success, 4 temporary, 5 permanent; 0 in the value that was never set.</param>
/// <param name="Subject">At most 999.</param>
/// <param name="Detail">At most 999.</param>
public readonly partial record struct EnhancedStatus(byte Class, ushort Subject, ushort Detail)
{
    /// <summary>The longest text: "5.999.999".</summary>
    public const int MaxText = 9;

    /// <summary>The largest subject and detail (RFC 3463 §2: up to three digits).</summary>
    public const ushort MaxPart = 999;

    /// <summary>False for the value that was never set.</summary>
    public bool IsSet => Class != 0;

    /// <summary>Reads the code at the start of a reply's text (RFC 2034 §4).</summary>
    /// <param name="text">The text after the reply code and its separator.</param>
    /// <param name="status">The code.</param>
    /// <param name="consumed">Bytes of the code with the space after it.</param>
    /// <returns>False when the text begins otherwise.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out EnhancedStatus status, out int consumed)
    {
        status = default;
        consumed = 0;
        if (text.Length < 5 || text[0] is not ((byte)'2' or (byte)'4' or (byte)'5') || text[1] != '.') return false;
        int at = 2;
        if (!TryReadPart(text, ref at, out ushort subject) || at == text.Length || text[at++] != '.') return false;
        if (!TryReadPart(text, ref at, out ushort detail)) return false;
        if (at < text.Length && text[at++] != ' ') return false;
        status = new EnhancedStatus((byte)(text[0] - '0'), subject, detail);
        consumed = at;
        return true;
    }

    /// <summary>Reads a code that is all of the text.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out EnhancedStatus status)
    {
        bool read = TryRead(text, out status, out int consumed) && consumed == text.Length && text[^1] != ' ';
        if (!read) status = default;
        return read;
    }

    /// <summary>The same subject and detail in another class: a permanent reason that may pass becomes temporary.</summary>
    public EnhancedStatus WithClass(byte value) => this with { Class = value };

    /// <summary>Writes the code.</summary>
    /// <param name="output">At least <see cref="MaxText"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public int Write(Span<byte> output)
    {
        int at = DecimalText.Write(Class, output);
        output[at++] = (byte)'.';
        at += DecimalText.Write(Subject, output[at..]);
        output[at++] = (byte)'.';
        return at + DecimalText.Write(Detail, output[at..]);
    }

    /// <summary>The code as text.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxText + DecimalText.MaxDigits];
        return Encoding.ASCII.GetString(text[..Write(text)]);
    }

    /// <summary>1*3DIGIT without leading zeros (RFC 3463 §2).</summary>
    private static bool TryReadPart(ReadOnlySpan<byte> text, ref int at, out ushort value)
    {
        int length = 0;
        while (at + length < text.Length && Ascii.IsDigit(text[at + length])) length++;
        var digits = text.Slice(at, length);
        at += length;
        bool plain = DecimalText.TryRead(digits, MaxPart, out uint number) && (length == 1 || digits[0] != '0');
        value = plain ? (ushort)number : default;
        return plain;
    }
}
