using System.Text;
using Postern.Fuzz.Oracles;
using Postern.Text;

namespace Postern.Fuzz.Texts;

/// <summary>Punycode (RFC 3492), read back by a decoder written from the RFC with numbers of any size; and UTF-8 identifiers.</summary>
internal static class PunycodeTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        Span<byte> text = stackalloc byte[Punycode.MaxLabel];
        // Capitals and lower-case digits say the same, and a label may end in a hyphen that nothing follows.
        if (Reference(Demand.Latin(input)) is { } label && !input.ContainsAnyInRange((byte)'A', (byte)'Z') && label.EnumerateRunes().Any(rune => !rune.IsAscii))
        {
            Demand.That(Punycode.TryEncode([.. label.EnumerateRunes()], text, out int length), "what can be decoded can't be encoded");
            Demand.Same(input, text[..length], "there and back");
        }
        Identifier(input, text);
    }

    private static void Identifier(ReadOnlySpan<byte> input, Span<byte> text)
    {
        bool identifier = Utf8Text.IsIdentifier(input);
        string? whole = Utf8Text.IsValid(input) ? Encoding.UTF8.GetString(input) : null;
        Demand.That(!identifier || whole is not null, "an identifier that is no UTF-8");
        if (whole is null) return;
        Demand.Equal(whole.EnumerateRunes().All(rune => rune.IsAscii || Utf8Text.IsIdentifier(rune)), identifier, "an identifier");
        Rune[] label = [.. whole.EnumerateRunes()];
        if (Punycode.TryEncode(label, text, out int length))
        {
            Demand.Equal(whole, Reference(Demand.Latin(text[..length])), "encoded and decoded");
        }
        else Demand.That(label.Length > 12, "a short label that can't be encoded");
    }

    private static string? Reference(string text)
    {
        if (text.Length > Punycode.MaxLabel || text.Any(value => value > 0x7f)) return null;
        int basic = Math.Max(text.LastIndexOf('-'), 0);
        List<Rune> output = [.. text[..basic].Select(value => new Rune(value))];
        string rest = text[(basic > 0 ? basic + 1 : 0)..].ToLowerInvariant();
        (decimal n, decimal i, int bias, int at) = (128, 0, 72, 0);
        while (at < rest.Length)
        {
            (decimal before, decimal weight) = (i, 1);
            for (int k = 36; ; k += 36)
            {
                if (at == rest.Length) return null;
                int digit = "abcdefghijklmnopqrstuvwxyz0123456789".IndexOf(rest[at++], StringComparison.Ordinal);
                if (digit < 0) return null;
                i += digit * weight;
                if (i - before > int.MaxValue) return null;
                int t = Math.Clamp(k - bias, 1, 26);
                if (digit < t) break;
                weight *= 36 - t;
            }
            int count = output.Count + 1;
            bias = Adapt((long)(i - before), count, output.Count == basic);
            n += decimal.Floor(i / count);
            i %= count;
            if (n > 0x10ffff || !Rune.TryCreate((int)n, out var rune)) return null;
            output.Insert((int)i++, rune);
        }
        return string.Concat(output);
    }

    private static int Adapt(long delta, int count, bool first)
    {
        delta = first ? delta / 700 : delta / 2;
        delta += delta / count;
        int k = 0;
        for (; delta > 455; k += 36) delta /= 35;
        return k + (int)(36 * delta / (delta + 38));
    }
}
