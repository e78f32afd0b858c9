using System.Globalization;
using System.Text;
using Postern.Text;

namespace Postern.Mail;

/// <summary>Turns a written domain name into its one form: lower-case letters, digits, hyphens.</summary>
internal static class DomainParser
{
    private static ReadOnlySpan<byte> Prefix => "xn--"u8;

    /// <summary>Judges the name and writes its form.</summary>
    /// <param name="text">The name as it was written.</param>
    /// <param name="allowUtf8">True to take labels in other scripts.</param>
    /// <param name="output">At least <see cref="DomainName.MaxLength"/> bytes.</param>
    /// <param name="length">Bytes written.</param>
    public static AddressFault Parse(ReadOnlySpan<byte> text, bool allowUtf8, Span<byte> output, out int length)
    {
        length = 0;
        if (text.IsEmpty) return AddressFault.BadDomain;
        if (text.Length > DomainName.MaxLength) return AddressFault.TooLong;
        output = output[..DomainName.MaxLength];
        int lastLabel;
        while (true)
        {
            int dot = text.IndexOf((byte)'.');
            lastLabel = length;
            var fault = ParseLabel(dot < 0 ? text : text[..dot], allowUtf8, output[length..], out int written);
            if (fault != AddressFault.None) return fault;
            length += written;
            if (dot < 0) break;
            if (length == output.Length) return AddressFault.TooLong;
            output[length++] = (byte)'.';
            text = text[(dot + 1)..];
        }
        return IsNumeric(output[lastLabel..length]) ? AddressFault.BadDomain : AddressFault.None;
    }

    private static AddressFault ParseLabel(ReadOnlySpan<byte> label, bool allowUtf8, Span<byte> output, out int written)
    {
        written = 0;
        if (!Ascii.IsAscii(label))
            return allowUtf8 ? EncodeLabel(label, output, out written) : AddressFault.NeedsSmtpUtf8;
        if (label.IsEmpty) return AddressFault.BadDomain;
        if (label.Length > DomainName.MaxLabel || label.Length > output.Length) return AddressFault.TooLong;
        if (!IsHostLabel(label)) return AddressFault.BadDomain;
        label.CopyTo(output);
        written = label.Length;
        // What an A-label stands for, or whether anything, is the registry's affair: it is a name of its own, and equal only to itself.
        Ascii.ToLowerInPlace(output[..written]);
        return AddressFault.None;
    }

    /// <summary>Let-dig [Ldh-str] of RFC 5321 §4.1.2.</summary>
    private static bool IsHostLabel(ReadOnlySpan<byte> label)
    {
        foreach (byte value in label)
        {
            if (!Ascii.IsLetterOrDigit(value) && value != '-') return false;
        }
        return label[0] != '-' && label[^1] != '-';
    }

    /// <summary>A U-label becomes its A-label (RFC 5891 §4.2 to §4.4).</summary>
    private static AddressFault EncodeLabel(ReadOnlySpan<byte> label, Span<byte> output, out int written)
    {
        written = 0;
        // Three bytes of UTF-8 at most become one place of the A-label: beyond this it can't fit.
        if (label.Length > 4 * DomainName.MaxLabel) return AddressFault.TooLong;
        if (!Utf8Text.IsIdentifier(label)) return AddressFault.BadUtf8;
        Span<Rune> runes = stackalloc Rune[label.Length];
        int count = 0;
        while (!label.IsEmpty)
        {
            _ = Rune.DecodeFromUtf8(label, out var rune, out int consumed);
            label = label[consumed..];
            if (rune.IsAscii) rune = new Rune(Ascii.ToLower((byte)rune.Value));
            runes[count++] = rune;
        }
        runes = runes[..count];
        if (!IsLabelOfIdna(runes)) return AddressFault.BadDomain;
        Span<byte> encoded = stackalloc byte[DomainName.MaxLabel];
        Prefix.CopyTo(encoded);
        if (!Punycode.TryEncode(runes, encoded[Prefix.Length..], out int length)) return AddressFault.TooLong;
        written = Prefix.Length + length;
        if (written > output.Length) return AddressFault.TooLong;
        encoded[..written].CopyTo(output);
        return AddressFault.None;
    }

    /// <summary>What RFC 5891 §4.2.3 and RFC 5892 say beyond the class of each character: no capitals, as "Ü" and "ü" would be
    /// two domains; no mark in front; no hyphen at an end or in the third and fourth place.</summary>
    private static bool IsLabelOfIdna(ReadOnlySpan<Rune> label)
    {
        foreach (var rune in label)
        {
            if (rune.IsAscii && !Ascii.IsLetterOrDigit((byte)rune.Value) && rune.Value != '-') return false;
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.UppercaseLetter) return false;
        }
        if (Rune.GetUnicodeCategory(label[0]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark) return false;
        bool tagged = label.Length >= 4 && label[2].Value == '-' && label[3].Value == '-';
        return !tagged && label[0].Value != '-' && label[^1].Value != '-';
    }

    /// <summary>True for a last label that others read as a number, which makes the whole an IPv4 address to them:
    /// "127.0.0.1", "0x7f.1".</summary>
    private static bool IsNumeric(ReadOnlySpan<byte> label)
    {
        bool hex = label.StartsWith("0x"u8);
        foreach (byte value in hex ? label[2..] : label)
        {
            if (hex ? !Ascii.IsHexDigit(value) : !Ascii.IsDigit(value)) return false;
        }
        return true;
    }
}
