using System.Globalization;
using System.Numerics;
using Postern.Fuzz.Oracles;
using Postern.Text;

namespace Postern.Fuzz.Texts;

/// <summary>Decimal numbers, beside numbers of any size.</summary>
internal static class NumberTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        string text = Demand.Latin(input);
        bool digits = text.Length is > 0 and <= DecimalText.MaxDigits && text.All(char.IsAsciiDigit);
        var number = digits ? BigInteger.Parse(text, CultureInfo.InvariantCulture) : BigInteger.MinusOne;
        bool fits = digits && number <= ulong.MaxValue;
        Demand.Equal(fits, DecimalText.TryRead(input, out ulong value), "a number");
        Demand.Equal(fits ? number : BigInteger.Zero, value, "its value");
        foreach (uint max in new[] { 0u, 255u, 999_999u, uint.MaxValue })
        {
            Demand.Equal(digits && number <= max, DecimalText.TryRead(input, max, out uint narrow), $"a number up to {max}");
            Demand.Equal(digits && number <= max ? number : BigInteger.Zero, narrow, "its value");
        }
        Span<byte> written = stackalloc byte[DecimalText.MaxDigits];
        int length = DecimalText.Write(value, written);
        Demand.That(DecimalText.TryRead(written[..length], out ulong again) && again == value, "what is written is read otherwise");
    }
}
