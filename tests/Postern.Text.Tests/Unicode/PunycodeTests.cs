using System.Globalization;
using System.Text;
using CsCheck;

namespace Postern.Text.Tests.Unicode;

/// <summary>Punycode against the library's own, which does it right for lower case.</summary>
public class PunycodeTests
{
    private static string? Encode(string label)
    {
        Span<byte> output = stackalloc byte[Punycode.MaxLabel];
        return Punycode.TryEncode([.. label.EnumerateRunes()], output, out int length) ? Latin.Text(output[..length]) : null;
    }

    [Theory]
    // No basic characters, some, a hyphen among them, two equal ones, far apart ones.
    [InlineData("ü", "tda")]
    [InlineData("bücher", "bcher-kva")]
    [InlineData("a-ü", "a--yka")]
    [InlineData("üü", "tdaa")]
    [InlineData("例え", "r8jz45g")]
    [InlineData("ü\U00020000", "tda4572x")]
    public void Labels_AreEncoded(string label, string encoded)
    {
        Assert.Equal(encoded, Encode(label));
        Assert.Equal(label, new IdnMapping().GetUnicode("xn--" + encoded));
    }

    [Fact]
    public void Encoding_IsThatOfTheLibrary()
    {
        var idn = new IdnMapping();
        var letter = Gen.OneOf(Gen.Char['a', 'z'], Gen.Char['à', 'ö'], Gen.Char['а', 'я'], Gen.Char['一', '龥']);
        Gen.String[letter, 1, 12].Sample(label =>
        {
            string ascii = idn.GetAscii(label);
            if (!ascii.StartsWith("xn--", StringComparison.Ordinal)) return true;
            return Encode(label) == ascii[4..];
        });
    }

    [Fact]
    public void TooLong_IsRefused()
    {
        Assert.Null(Encode(new string('ü', 64)));
        Assert.Null(Encode(new string('a', 63)));
    }

    [Fact]
    public void TooSmallAnOutput_IsRefused() => Assert.False(Punycode.TryEncode([new Rune('a'), new Rune('ü')], new byte[3], out _));
}
