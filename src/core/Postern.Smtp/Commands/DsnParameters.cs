using System.Text.Unicode;
using Postern.Mail;
using Postern.Text;

namespace Postern.Smtp;

/// <summary>Judges the values of the parameters that end in delivery status notifications (RFC 3461, RFC 6533).</summary>
/// <remarks>
/// The values are kept and sent on as they were given; they are decoded only to see that nothing comes out that could end a
/// line or a string in what is written from them (ENVID=a+0D+0AInjected, ORCPT=rfc822;a+00b).
/// </remarks>
internal static class DsnParameters
{
    /// <summary>ENVID: xtext of printable ASCII (RFC 3461 §4.4).</summary>
    public static bool IsEnvelopeId(ReadOnlySpan<byte> value) => value.Length <= Envelope.MaxEnvelopeId && IsPrintableXText(value);

    /// <summary>RET: FULL or HDRS (RFC 3461 §4.3).</summary>
    public static bool TryParseReturn(ReadOnlySpan<byte> value, out ReturnContent content)
    {
        content = ReturnContent.Unspecified;
        if (Ascii.EqualsIgnoreCase(value, "FULL"u8)) content = ReturnContent.Full;
        else if (Ascii.EqualsIgnoreCase(value, "HDRS"u8)) content = ReturnContent.Headers;
        return content != ReturnContent.Unspecified;
    }

    /// <summary>NOTIFY: NEVER alone, or a list of SUCCESS, FAILURE and DELAY (RFC 3461 §4.1).</summary>
    public static bool TryParseNotify(ReadOnlySpan<byte> value, out NotifyOn notify)
    {
        bool isNever = Ascii.EqualsIgnoreCase(value, "NEVER"u8);
        notify = isNever ? NotifyOn.Never : NotifyOn.Unspecified;
        if (isNever) return true;
        foreach (var range in value.Split((byte)','))
        {
            var word = value[range];
            if (Ascii.EqualsIgnoreCase(word, "SUCCESS"u8)) notify |= NotifyOn.Success;
            else if (Ascii.EqualsIgnoreCase(word, "FAILURE"u8)) notify |= NotifyOn.Failure;
            else if (Ascii.EqualsIgnoreCase(word, "DELAY"u8)) notify |= NotifyOn.Delay;
            else return false;
        }
        return true;
    }

    /// <summary>ORCPT: an address type, a semicolon, and the address in the encoding of its type.</summary>
    /// <param name="value">The value.</param>
    /// <param name="smtpUtf8">True when the transaction may carry UTF-8.</param>
    public static bool IsOriginalRecipient(ReadOnlySpan<byte> value, bool smtpUtf8)
    {
        int semicolon = value.IndexOf((byte)';');
        if (semicolon < 1 || value.Length > EnvelopeRecipient.MaxOriginalRecipient) return false;
        var type = value[..semicolon];
        var address = value[(semicolon + 1)..];
        foreach (byte letter in type)
        {
            if (!Ascii.IsAtext(letter)) return false;
        }
        return Ascii.EqualsIgnoreCase(type, "utf-8"u8)
            ? IsUtf8Address(address, smtpUtf8)
            : IsPrintableXText(address);
    }

    /// <summary>xtext that is not empty and decodes to printable ASCII only (RFC 3461 §4).</summary>
    public static bool IsPrintableXText(ReadOnlySpan<byte> value)
    {
        // The longest of the parameters; RFC 4954 §5 gives AUTH as many bytes.
        Span<byte> decoded = stackalloc byte[EnvelopeRecipient.MaxOriginalRecipient];
        return !value.IsEmpty && value.Length <= decoded.Length && XText.TryDecodePrintable(value, decoded, out _);
    }

    /// <summary>RFC 6533 §3: ASCII with code points as \x{HEX}, or UTF-8 itself where the transaction allows it.</summary>
    private static bool IsUtf8Address(ReadOnlySpan<byte> address, bool smtpUtf8)
    {
        if (address.IsEmpty || address.ContainsAny((byte)'+', (byte)'=') || !Utf8.IsValid(address)) return false;
        if (!smtpUtf8 && !Ascii.IsAscii(address)) return false;
        while (!address.IsEmpty)
        {
            // The controls from U+0080 to U+009F: some terminals obey them.
            if (address[0] == 0xc2 && address[1] <= 0x9f) return false;
            if (address[0] == '\\')
            {
                int end = address.IndexOf((byte)'}');
                if (end < 0 || !IsCodePoint(address[..end])) return false;
                address = address[end..];
            }
            address = address[1..];
        }
        return true;
    }

    /// <summary>\x{HEX without its end: a code point that is no control and no half of a pair.</summary>
    private static bool IsCodePoint(ReadOnlySpan<byte> escape)
    {
        const int MaxHexDigits = 6;
        if (!escape.StartsWith("\\x{"u8) || escape.Length is < 5 or > 3 + MaxHexDigits) return false;
        int point = 0;
        foreach (byte digit in escape[3..])
        {
            int value = Ascii.HexValue(digit);
            if (value < 0) return false;
            point = (point * 16) + value;
        }
        return point is >= 0x20 and not (>= 0x7f and <= 0x9f) and not (>= 0xd800 and <= 0xdfff) and <= 0x10ffff;
    }
}
