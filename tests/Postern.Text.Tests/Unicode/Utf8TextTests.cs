using System.Text;

namespace Postern.Text.Tests.Unicode;

/// <summary>Case E35: which UTF-8 may stand in an address.</summary>
public class Utf8TextTests
{
    [Theory]
    [InlineData("abc")]
    [InlineData("grüße")]
    [InlineData("почта")]
    [InlineData("例え")]
    [InlineData("उदाहरण")]
    [InlineData("مثال")]
    [InlineData("한국")]
    // Beyond the 16-bit plane: a rare Han character.
    [InlineData("\U00020000")]
    public void LettersOfAllScripts_AreIdentifiers(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.True(Utf8Text.IsValid(bytes));
        Assert.True(Utf8Text.IsIdentifier(bytes));
    }

    [Theory]
    // Direction overrides and isolates, joiners, the byte order mark, soft hyphen: invisible.
    [InlineData("a\u202eb")]
    [InlineData("a\u202ab")]
    [InlineData("a\u2066b")]
    [InlineData("a\u2069b")]
    [InlineData("a\u200bb")]
    [InlineData("a\u200db")]
    [InlineData("\ufeffa")]
    [InlineData("a\u00adb")]
    // Controls of the upper half, which terminals obey; separators of lines.
    [InlineData("a\u009bb")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    [InlineData("a\u00a0b")]
    // Two spellings of one letter: only the composed one passes.
    [InlineData("u\u0308")]
    [InlineData("か\u3099")]
    [InlineData("\u1112\u1161\u11ab")]
    // Letters that normalisation replaces: Roman four, full width, Kelvin, Ångström, ligature, mathematical.
    [InlineData("henry\u2163")]
    [InlineData("\uff41")]
    [InlineData("\u212a")]
    [InlineData("\u212b")]
    [InlineData("\ufb01")]
    [InlineData("\U0001d400")]
    [InlineData("\uf900")]
    // Symbols, private use, unassigned.
    [InlineData("\u2665")]
    [InlineData("\ue000")]
    [InlineData("\U000e0fff")]
    [InlineData("\u3002")]
    public void OtherCharacters_AreValidButNoIdentifiers(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.True(Utf8Text.IsValid(bytes));
        Assert.False(Utf8Text.IsIdentifier(bytes));
    }

    [Theory]
    // Overlong "/", overlong NUL, a surrogate, beyond Unicode, a lone continuation, a sequence cut short, Latin-1.
    [InlineData("\xc0\xaf")]
    [InlineData("\xc0\x80")]
    [InlineData("\xe0\x80\xaf")]
    [InlineData("\xed\xa0\x80")]
    [InlineData("\xf4\x90\x80\x80")]
    [InlineData("\x80")]
    [InlineData("a\xe2\x82")]
    [InlineData("f\xfcr")]
    [InlineData("\xff")]
    public void BrokenUtf8_IsNeither(string latin)
    {
        Assert.False(Utf8Text.IsValid(Latin.Bytes(latin)));
        Assert.False(Utf8Text.IsIdentifier(Latin.Bytes(latin)));
    }

    [Fact]
    public void UnstableCharacters_AreFoundAtBothEndsOfTheirRanges()
    {
        int[] first = [0xaa, 0x300, 0x2102, 0xac00, 0xd7b0, 0x2f800, 0x2fa1d];
        bool[] expected = [true, true, true, false, true, true, true];
        Assert.Equal(expected, first.Select(UnstableCharacters.Contain));
        Assert.False(UnstableCharacters.Contain(0xa9));
        Assert.False(UnstableCharacters.Contain(0x305));
        Assert.False(UnstableCharacters.Contain(0x2fa1e));
        Assert.False(UnstableCharacters.Contain(0x10ffff));
    }
}
