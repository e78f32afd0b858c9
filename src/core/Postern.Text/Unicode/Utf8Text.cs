using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Postern.Text;

/// <summary>Judges UTF-8 from a peer (RFC 3629), and which of it may be part of an address.</summary>
public static class Utf8Text
{
    /// <summary>True for well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text) => Utf8.IsValid(text);

    /// <summary>True when the text is well-formed and each character beyond ASCII is a letter, a mark or a digit that has
    /// no other spelling.</summary>
    /// <remarks>
    /// These are the characters that RFC 8264 §9.1 allows in an identifier, without those that §9.17 takes out because
    /// normalisation would change them. Left out with them are the marks that compose with the letter before, as nothing
    /// here can normalise: of a pair such as "u" U+0308 and "ü" only the second passes, and two mailboxes that look the
    /// same can't differ in that. Controls, invisible and direction-changing characters, symbols and unassigned code points
    /// are no letters either. Not judged: marks in the wrong order, Indic vowels spelled in two parts, mixed scripts and
    /// mixed directions. ASCII is left to the caller.
    /// </remarks>
    public static bool IsIdentifier(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(text, out var rune, out int length) != System.Buffers.OperationStatus.Done) return false;
            if (!rune.IsAscii && !IsIdentifier(rune)) return false;
            text = text[length..];
        }
        return true;
    }

    /// <summary>True for a character beyond ASCII that <see cref="IsIdentifier(ReadOnlySpan{byte})"/> allows.</summary>
    public static bool IsIdentifier(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark => !UnstableCharacters.Contain(rune.Value),
        _ => false,
    };
}
