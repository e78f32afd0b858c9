namespace Postern.Text;

/// <summary>Classes of bytes, and case folding that knows ASCII and nothing else.</summary>
/// <remarks>
/// The library's own case functions know Unicode: they turn the Kelvin sign into "k", and a name that was foreign is
/// suddenly ours. Here a byte above 0x7f is in no class and folds to itself.
/// </remarks>
public static class Ascii
{
    [Flags]
    private enum Classes : byte
    {
        None = 0,
        Digit = 1,
        Letter = 2,
        HexDigit = 4,
        Atext = 8,
        Graphic = 16,
    }

    private static readonly Classes[] s_classes = BuildClasses();

    /// <summary>DIGIT, "0" to "9".</summary>
    public static bool IsDigit(byte value) => Has(value, Classes.Digit);

    /// <summary>ALPHA, either case.</summary>
    public static bool IsLetter(byte value) => Has(value, Classes.Letter);

    /// <summary>A letter or a digit: Let-dig of RFC 5321 §4.1.2.</summary>
    public static bool IsLetterOrDigit(byte value) => Has(value, Classes.Letter | Classes.Digit);

    /// <summary>A hexadecimal digit, either case.</summary>
    public static bool IsHexDigit(byte value) => Has(value, Classes.HexDigit);

    /// <summary>What may stand in an atom (RFC 5322 §3.2.3).</summary>
    public static bool IsAtext(byte value) => Has(value, Classes.Atext);

    /// <summary>0x21 to 0x7e: leaves ink.</summary>
    public static bool IsGraphic(byte value) => Has(value, Classes.Graphic);

    /// <summary>0x20 to 0x7e: a graphic character or the space.</summary>
    public static bool IsPrintable(byte value) => value == ' ' || Has(value, Classes.Graphic);

    /// <summary>True when no byte is above 0x7f.</summary>
    public static bool IsAscii(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)0, (byte)0x7f);

    /// <summary>True when every byte is 0x20 to 0x7e.</summary>
    public static bool IsPrintable(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)0x20, (byte)0x7e);

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    public static int HexValue(byte value) => value switch
    {
        >= (byte)'0' and <= (byte)'9' => value - '0',
        >= (byte)'a' and <= (byte)'f' => value - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => value - 'A' + 10,
        _ => -1,
    };

    /// <summary>"A" to "Z" become "a" to "z"; every other byte stays.</summary>
    public static byte ToLower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;

    /// <summary>"a" to "z" become "A" to "Z"; every other byte stays.</summary>
    public static byte ToUpper(byte value) => value is >= (byte)'a' and <= (byte)'z' ? (byte)(value & 0xdf) : value;

    /// <summary>Folds in place.</summary>
    public static void ToLowerInPlace(Span<byte> text)
    {
        foreach (ref byte value in text) value = ToLower(value);
    }

    /// <summary>True when both are the same but for the case of ASCII letters.</summary>
    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length) return false;
        for (int i = 0; i < left.Length; i++)
        {
            if (ToLower(left[i]) != ToLower(right[i])) return false;
        }
        return true;
    }

    /// <summary>True when the text begins with the prefix, but for the case of ASCII letters.</summary>
    public static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix) =>
        text.Length >= prefix.Length && EqualsIgnoreCase(text[..prefix.Length], prefix);

    private static bool Has(byte value, Classes wanted) => (s_classes[value] & wanted) != 0;

    private static Classes[] BuildClasses()
    {
        var classes = new Classes[256];
        for (int value = 0x21; value <= 0x7e; value++) classes[value] |= Classes.Graphic;
        foreach (byte value in "0123456789"u8) classes[value] |= Classes.Digit | Classes.HexDigit | Classes.Atext;
        foreach (byte value in "abcdefABCDEF"u8) classes[value] |= Classes.HexDigit;
        for (int value = 'a'; value <= 'z'; value++)
        {
            classes[value] |= Classes.Letter | Classes.Atext;
            classes[value - 0x20] |= Classes.Letter | Classes.Atext;
        }
        foreach (byte value in "!#$%&'*+-/=?^_`{|}~"u8) classes[value] |= Classes.Atext;
        return classes;
    }
}
