using Postern.Fuzz.Oracles;
using Postern.Text;

namespace Postern.Fuzz.Texts;

/// <summary>Foreign bytes on their way into a log or a result: escaped ones come back, and nothing but printable ASCII is left.</summary>
internal static class ShownTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        foreach (int room in new[] { 16, EscapedText.MaxLength, 4 * input.Length })
        {
            if (room < 4) continue;
            byte[] output = new byte[room];
            int length = EscapedText.Write(input, output);
            string shown = Demand.Latin(output.AsSpan(0, length));
            Demand.That(IsPrintable(shown), "an unprintable byte");
            bool whole = input.Length == 0 || SizeOf(input) <= room;
            byte[] back = Unescaped(whole ? shown : shown[..^3]);
            Demand.Same(input[..(whole ? input.Length : Math.Min(back.Length, input.Length))], back, "the escaped bytes");
            Demand.That(whole || shown.EndsWith("...", StringComparison.Ordinal), "a cut that is not seen");
        }
        Demand.That(EscapedText.Of(Demand.Latin(input)).Length <= EscapedText.MaxLength, "too long a text");
        Plain(input);
    }

    private static void Plain(ReadOnlySpan<byte> input)
    {
        foreach (int max in new[] { 0, 7, 512 })
        {
            byte[] plain = PlainText.Of(input, max);
            Demand.That(PlainText.IsPlain(plain, max), "a text that is not plain");
            Demand.Same(plain, PlainText.Of(plain, max), "a plain text made plain again");
            if (PlainText.IsPlain(input, max)) Demand.Same(input, plain, "a text that was plain");
        }
    }

    private static int SizeOf(ReadOnlySpan<byte> input)
    {
        int size = 0;
        foreach (byte value in input) size += value is < 0x20 or > 0x7e ? 4 : value is (byte)'"' or (byte)'\\' ? 2 : 1;
        return size;
    }

    private static bool IsPrintable(string text) => text.All(value => value is >= ' ' and <= '~');

    private static byte[] Unescaped(string text)
    {
        List<byte> bytes = [];
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\') bytes.Add((byte)text[at]);
            else if (text[at + 1] != 'x') bytes.Add((byte)text[++at]);
            else
            {
                bytes.Add(Convert.FromHexString(text.AsSpan(at + 2, 2))[0]);
                at += 3;
            }
        }
        return [.. bytes];
    }
}
