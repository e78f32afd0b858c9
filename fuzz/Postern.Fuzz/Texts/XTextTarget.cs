using Postern.Fuzz.Oracles;
using Postern.Text;

namespace Postern.Fuzz.Texts;

/// <summary>xtext (RFC 3461 §4), beside a decoder that works on text, and there and back again.</summary>
internal static class XTextTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        byte[] output = new byte[input.Length];
        bool decoded = XText.TryDecode(input, output, out int written);
        byte[]? expected = Reference(Demand.Latin(input));
        Demand.Equal(expected is not null, decoded, "xtext");
        if (decoded) Demand.Same(expected, output.AsSpan(0, written), "decoded xtext");
        bool printable = XText.TryDecodePrintable(input, output, out _);
        Demand.Equal(expected is not null && expected.All(value => value is >= 0x20 and <= 0x7e), printable, "printable xtext");

        // Anything can be encoded.
        byte[] encoded = new byte[input.Length * XText.MaxGrowth];
        int length = XText.Encode(input, encoded);
        Demand.That(XText.TryDecode(encoded.AsSpan(0, length), output, out written), "what was encoded can't be decoded");
        Demand.Same(input, output.AsSpan(0, written), "there and back");
    }

    private static byte[]? Reference(string text)
    {
        List<byte> decoded = [];
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] is < '!' or > '~' or '=') return null;
            if (text[at] != '+')
            {
                decoded.Add((byte)text[at]);
                continue;
            }
            if (at + 2 >= text.Length || !IsHex(text[at + 1]) || !IsHex(text[at + 2])) return null;
            decoded.Add(Convert.FromHexString(text.AsSpan(at + 1, 2))[0]);
            at += 2;
        }
        return [.. decoded];
    }

    private static bool IsHex(char value) => value is (>= '0' and <= '9') or (>= 'A' and <= 'F');
}
