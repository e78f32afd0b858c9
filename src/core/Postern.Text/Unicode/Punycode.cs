using System.Text;

namespace Postern.Text;

/// <summary>Writes the characters of one label as ASCII (RFC 3492), without the "xn--" before it. Nothing here reads them back.</summary>
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
}
