using System.Globalization;

namespace Postern.Text;

/// <summary>Unsigned decimal numbers as protocols write them.</summary>
/// <remarks>The library's own readers take spaces, signs and the digits of other scripts; this one takes "0" to "9".</remarks>
public static class DecimalText
{
    /// <summary>The most digits read: those of the largest 64-bit number, and the limit of RFC 1870 §6.</summary>
    public const int MaxDigits = 20;

    /// <summary>Reads 1*20DIGIT and nothing else. Leading zeros count as digits.</summary>
    /// <param name="text">The whole number, without space, sign or separators.</param>
    /// <param name="value">The number, or 0.</param>
    /// <returns>False for anything else, and when the number needs more than 64 bits.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > MaxDigits) return false;
        ulong sum = 0;
        foreach (byte digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            ulong ones = (ulong)(digit - '0');
            if (sum > (ulong.MaxValue - ones) / 10) return false;
            sum = (sum * 10) + ones;
        }
        value = sum;
        return true;
    }

    /// <summary>Reads a number that must not exceed a limit.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, uint max, out uint value)
    {
        bool fits = TryRead(text, out ulong wide) && wide <= max;
        value = fits ? (uint)wide : 0;
        return fits;
    }

    /// <summary>Writes the number without leading zeros.</summary>
    /// <param name="value">The number.</param>
    /// <param name="output">At least <see cref="MaxDigits"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(ulong value, Span<byte> output)
    {
        if (!value.TryFormat(output, out int written, default, CultureInfo.InvariantCulture))
            throw new ArgumentException("The output holds fewer than MaxDigits bytes.", nameof(output));
        return written;
    }
}
