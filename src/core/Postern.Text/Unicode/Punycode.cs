using System.Text;

namespace Postern.Text;

/// <summary>Writes the characters of one label as ASCII and reads them back (RFC 3492), without the "xn--" before it.</summary>
/// <remarks>The library's IdnMapping, built without ICU, maps no case and takes full-width letters for letters.</remarks>
public static class Punycode
{
    /// <summary>The most characters of a label, in either form; a label of the DNS has 63 bytes (RFC 1035 §2.3.4).</summary>
    public const int MaxLabel = 63;

    private const int Base = 36;
    private const int TMin = 1;
    private const int TMax = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int InitialBias = 72;
    private const int InitialN = 0x80;

    /// <summary>Encodes (RFC 3492 §6.3).</summary>
    /// <param name="label">At most <see cref="MaxLabel"/> characters; upper case is not mapped.</param>
    /// <param name="output">Receives the ASCII form.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>False when the label is too long or the output is full.</returns>
    public static bool TryEncode(ReadOnlySpan<Rune> label, Span<byte> output, out int written)
    {
        written = 0;
        if (label.Length > MaxLabel) return false;
        foreach (var rune in label)
        {
            if (rune.IsAscii && !TryAppend((byte)rune.Value, output, ref written)) return false;
        }
        int basic = written;
        int handled = basic;
        if (basic > 0 && !TryAppend((byte)'-', output, ref written)) return false;
        int n = InitialN;
        int delta = 0;
        int bias = InitialBias;
        while (handled < label.Length)
        {
            // No overflow is possible: 64 characters times the 0x110000 code points stay below 2^31.
            int next = SmallestFrom(label, n);
            delta += (next - n) * (handled + 1);
            n = next;
            foreach (var rune in label)
            {
                if (rune.Value < n) delta++;
                if (rune.Value != n) continue;
                if (!TryAppendDelta(delta, bias, output, ref written)) return false;
                bias = Adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled++;
            }
            delta++;
            n++;
        }
        return true;
    }

    /// <summary>Decodes (RFC 3492 §6.2).</summary>
    /// <param name="text">The ASCII form.</param>
    /// <param name="output">At least <see cref="MaxLabel"/> places.</param>
    /// <param name="written">Characters written.</param>
    /// <returns>False when it is not Punycode, or does not fit.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<Rune> output, out int written)
    {
        written = 0;
        if (text.Length > MaxLabel || !Ascii.IsAscii(text)) return false;
        int basic = Math.Max(text.LastIndexOf((byte)'-'), 0);
        if (basic > output.Length) return false;
        foreach (byte value in text[..basic]) output[written++] = new Rune(value);
        int at = basic > 0 ? basic + 1 : 0;
        long n = InitialN;
        long i = 0;
        int bias = InitialBias;
        while (at < text.Length)
        {
            if (!TryReadDelta(text, ref at, bias, out long delta) || written == output.Length) return false;
            i += delta;
            bias = Adapt((int)delta, written + 1, written == basic);
            n += i / (written + 1);
            i %= written + 1;
            if (n > 0x10ffff || !Rune.TryCreate((int)n, out var rune)) return false;
            output[(int)i..written].CopyTo(output[((int)i + 1)..]);
            output[(int)i] = rune;
            written++;
            i++;
        }
        return true;
    }

    private static bool TryAppend(byte value, Span<byte> output, ref int written)
    {
        if (written == output.Length) return false;
        output[written++] = value;
        return true;
    }

    private static bool TryAppendDelta(int delta, int bias, Span<byte> output, ref int written)
    {
        for (int k = Base; ; k += Base)
        {
            int t = Math.Clamp(k - bias, TMin, TMax);
            if (delta < t) return TryAppend(Digit(delta), output, ref written);
            if (!TryAppend(Digit(t + ((delta - t) % (Base - t))), output, ref written)) return false;
            delta = (delta - t) / (Base - t);
        }
    }

    private static bool TryReadDelta(ReadOnlySpan<byte> text, ref int at, int bias, out long delta)
    {
        delta = 0;
        long weight = 1;
        for (int k = Base; ; k += Base)
        {
            if (at == text.Length) return false;
            int digit = DigitValue(text[at++]);
            if (digit < 0) return false;
            delta += digit * weight;
            // Beyond this no character is left that the number could mean. A digit that goes on is at least 1, so the weight stays
            // below the sum, and the products far below 64 bits.
            if (delta > int.MaxValue) return false;
            int t = Math.Clamp(k - bias, TMin, TMax);
            if (digit < t) return true;
            weight *= Base - t;
        }
    }

    private static int SmallestFrom(ReadOnlySpan<Rune> label, int n)
    {
        int smallest = int.MaxValue;
        foreach (var rune in label)
        {
            if (rune.Value >= n) smallest = Math.Min(smallest, rune.Value);
        }
        return smallest;
    }

    private static int Adapt(int delta, int count, bool first)
    {
        delta = first ? delta / Damp : delta / 2;
        delta += delta / count;
        int k = 0;
        for (; delta > (Base - TMin) * TMax / 2; k += Base) delta /= Base - TMin;
        return k + ((Base - TMin + 1) * delta / (delta + Skew));
    }

    private static byte Digit(int value) => (byte)(value < 26 ? 'a' + value : '0' + value - 26);

    private static int DigitValue(byte value) => Ascii.ToLower(value) switch
    {
        >= (byte)'a' and <= (byte)'z' and var letter => letter - 'a',
        >= (byte)'0' and <= (byte)'9' and var digit => digit - '0' + 26,
        _ => -1,
    };
}
