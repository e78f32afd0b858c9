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

    private static string? Decode(string text)
    {
        var output = new Rune[Punycode.MaxLabel];
        return Punycode.TryDecode(Latin.Bytes(text), output, out int length) ? string.Concat(output.Take(length)) : null;
    }

    [Theory]
    // No basic characters, some, a hyphen among them, two equal ones, far apart ones.
    [InlineData("ü", "tda")]
    [InlineData("bücher", "bcher-kva")]
    [InlineData("a-ü", "a--yka")]
    [InlineData("üü", "tdaa")]
    [InlineData("例え", "r8jz45g")]
    [InlineData("ü\U00020000", "tda4572x")]
    public void Labels_AreEncodedAndDecoded(string label, string encoded)
    {
        Assert.Equal(encoded, Encode(label));
        Assert.Equal(label, Decode(encoded));
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
            return Encode(label) == ascii[4..] && Decode(ascii[4..]) == label;
        });
    }

    [Theory]
    // Cut short, no digit, a number too large, a code point beyond Unicode, a surrogate.
    [InlineData("bcher-kv")]
    [InlineData("tda_")]
    [InlineData("99999999")]
    [InlineData("999999b")]
    [InlineData("ib9b")]
    [InlineData("\xfc")]
    public void Nonsense_IsNotDecoded(string text) => Assert.True(Decode(text) is null, Decode(text));

    [Fact]
    public void TooLong_IsRefusedBothWays()
    {
        Assert.Null(Encode(new string('ü', 64)));
        Assert.Null(Encode(new string('a', 63)));
        Assert.Null(Decode(new string('a', 64)));
    }

    [Fact]
    public void AnyBytes_AreJudgedWithoutAnException() =>
        Gen.Byte.Array[0, 70].Sample(bytes => { _ = Punycode.TryDecode(bytes, new Rune[Punycode.MaxLabel], out _); });

    [Fact]
    public void WhatDecodes_EncodesToTheSame()
    {
        // A domain relies on it: were there two encodings of one label, there would be two domains that look the same.
        var character = Gen.OneOf(Gen.Char['a', 'z'], Gen.Char['a', 'b'], Gen.Char['0', '9'], Gen.Const('-'));
        Gen.String[character, 1, 20].Sample(text => text[^1] == '-' || Decode(text) is not { } label || Encode(label) == text, iter: 50_000);
    }

    [Fact]
    public void TooSmallAnOutput_IsRefused()
    {
        Assert.False(Punycode.TryDecode("tdaa"u8, new Rune[1], out _));
        Assert.False(Punycode.TryDecode("ab-kva"u8, new Rune[1], out _));
        Assert.False(Punycode.TryEncode([new Rune('a'), new Rune('ü')], new byte[3], out _));
    }
}
