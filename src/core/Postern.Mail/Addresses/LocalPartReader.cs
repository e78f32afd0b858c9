using Postern.Text;

namespace Postern.Mail;

/// <summary>Reads the local part at the start of a path (RFC 5321 §4.1.2, RFC 6531 §3.3).</summary>
internal static class LocalPartReader
{
    /// <summary>Reads a dot-string or a quoted string.</summary>
    /// <param name="input">The path from its local part on.</param>
    /// <param name="name">At least <see cref="Mailbox.MaxLocalPart"/> bytes: receives the name without quotes.</param>
    /// <param name="length">Bytes of the name.</param>
    /// <param name="consumed">Bytes that it took up as written.</param>
    public static AddressFault Read(ReadOnlySpan<byte> input, Span<byte> name, out int length, out int consumed)
    {
        bool quoted = !input.IsEmpty && input[0] == '"';
        var fault = quoted ? ReadQuoted(input, name, out length, out consumed) : ReadDotString(input, name, out length, out consumed);
        if (fault != AddressFault.None) return fault;
        if (Ascii.IsAscii(name[..length])) return AddressFault.None;
        return Utf8Text.IsIdentifier(name[..length]) ? AddressFault.None : AddressFault.BadUtf8;
    }

    /// <summary>True when the name can be written without quotes.</summary>
    public static bool IsDotString(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name[0] == '.' || name[^1] == '.' || name.IndexOf(".."u8) >= 0) return false;
        foreach (byte value in name)
        {
            if (!IsAtomByte(value) && value != '.') return false;
        }
        return true;
    }

    /// <summary>True for a byte that a quoted string can hold, behind a backslash if it must.</summary>
    public static bool IsQuotable(byte value) => Ascii.IsPrintable(value) || value >= 0x80;

    private static bool IsAtomByte(byte value) => Ascii.IsAtext(value) || value >= 0x80;

    private static AddressFault ReadDotString(ReadOnlySpan<byte> input, Span<byte> name, out int length, out int consumed)
    {
        length = 0;
        consumed = 0;
        while (consumed < input.Length && (IsAtomByte(input[consumed]) || input[consumed] == '.')) consumed++;
        if (consumed > Mailbox.MaxLocalPart) return AddressFault.TooLong;
        var atoms = input[..consumed];
        if (!IsDotString(atoms)) return AddressFault.BadLocalPart;
        atoms.CopyTo(name);
        length = consumed;
        return AddressFault.None;
    }

    private static AddressFault ReadQuoted(ReadOnlySpan<byte> input, Span<byte> name, out int length, out int consumed)
    {
        length = 0;
        // The limit counts the quotes and backslashes, too: it is one on the bytes of the wire.
        int end = Math.Min(input.Length, Mailbox.MaxLocalPart);
        for (consumed = 1; consumed < end; consumed++)
        {
            byte value = input[consumed];
            if (value == '"')
            {
                consumed++;
                // An empty name is grammar, but nobody's: what stands for "no local part" elsewhere must not pass here.
                return length == 0 ? AddressFault.BadLocalPart : AddressFault.None;
            }
            if (value == '\\')
            {
                if (++consumed == end) break;
                value = input[consumed];
                // quoted-pairSMTP is ASCII only; RFC 6531 did not widen it.
                if (!Ascii.IsPrintable(value)) return AddressFault.BadLocalPart;
            }
            else if (!IsQuotable(value))
            {
                return AddressFault.BadLocalPart;
            }
            name[length++] = value;
        }
        return input.Length > Mailbox.MaxLocalPart ? AddressFault.TooLong : AddressFault.BadLocalPart;
    }
}
