using System.Text;
using Postern.Text;

namespace Postern.Sasl;

/// <summary>Which names accounts have: addresses, mostly, and anything else without spaces that has one spelling.</summary>
public static class AccountName
{
    /// <summary>The longest name, in bytes: as long as an address (RFC 5321 §4.5.3.1.3).</summary>
    public const int MaxLength = 254;

    /// <summary>Judges a name and brings it to lower case, as far as it is ASCII: two names that differ in nothing else are one.</summary>
    /// <param name="text">As a client or an administrator wrote it.</param>
    /// <param name="name">The name; empty when it is none.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out string name)
    {
        name = "";
        if (text.IsEmpty || text.Length > MaxLength) return false;
        foreach (byte value in text)
        {
            if (value < 0x80 && !Ascii.IsGraphic(value)) return false;
        }
        if (!Utf8Text.IsIdentifier(text)) return false;
        Span<byte> lower = stackalloc byte[MaxLength];
        text.CopyTo(lower);
        Ascii.ToLowerInPlace(lower[..text.Length]);
        name = Encoding.UTF8.GetString(lower[..text.Length]);
        return true;
    }
}
