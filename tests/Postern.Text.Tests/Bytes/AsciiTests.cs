using System.Text;

namespace Postern.Text.Tests.Bytes;

/// <summary>Case E33: the classes and the folding know ASCII and nothing else.</summary>
public class AsciiTests
{
    private static string Members(Func<byte, bool> isMember) =>
        string.Concat(Enumerable.Range(0, 256).Where(value => isMember((byte)value)).Select(value => (char)value));

    [Fact]
    public void Classes_HaveTheMembersOfTheGrammars()
    {
        const string lower = "abcdefghijklmnopqrstuvwxyz";
        string upper = lower.ToUpperInvariant();
        Assert.Equal("0123456789", Members(Ascii.IsDigit));
        Assert.Equal(upper + lower, Members(Ascii.IsLetter));
        Assert.Equal("0123456789" + upper + lower, Members(Ascii.IsLetterOrDigit));
        Assert.Equal("0123456789ABCDEFabcdef", Members(Ascii.IsHexDigit));
        Assert.Equal("!#$%&'*+-/0123456789=?" + upper + "^_`" + lower + "{|}~", Members(Ascii.IsAtext));
        Assert.Equal(94, Members(Ascii.IsGraphic).Length);
        Assert.Equal(" " + Members(Ascii.IsGraphic), Members(Ascii.IsPrintable));
    }

    [Fact]
    public void HexValue_IsThatOfHexDigitsAlone()
    {
        for (int value = 0; value < 256; value++)
        {
            int expected = Ascii.IsHexDigit((byte)value) ? Convert.ToInt32(((char)value).ToString(), 16) : -1;
            Assert.Equal(expected, Ascii.HexValue((byte)value));
        }
    }

    [Fact]
    public void Folding_ChangesTheLettersOfAsciiAlone()
    {
        for (int value = 0; value < 256; value++)
        {
            byte expectedLower = value is >= 'A' and <= 'Z' ? (byte)(value + 32) : (byte)value;
            byte expectedUpper = value is >= 'a' and <= 'z' ? (byte)(value - 32) : (byte)value;
            Assert.Equal(expectedLower, Ascii.ToLower((byte)value));
            Assert.Equal(expectedUpper, Ascii.ToUpper((byte)value));
        }
    }

    [Theory]
    [InlineData("MAIL", "mail", true)]
    [InlineData("", "", true)]
    // "@" and "`", "[" and "{" differ in the case bit, too, and are no letters.
    [InlineData("@[", "`{", false)]
    [InlineData("mail", "mail ", false)]
    // The Kelvin sign and the dotted I become letters of ASCII in other people's lower case.
    [InlineData("\u212a", "k", false)]
    [InlineData("\u0130", "i", false)]
    [InlineData("Ü", "ü", false)]
    public void Comparison_FoldsAsciiAlone(string left, string right, bool equal)
    {
        byte[] leftBytes = Encoding.UTF8.GetBytes(left);
        byte[] rightBytes = Encoding.UTF8.GetBytes(right);
        Assert.Equal(equal, Ascii.EqualsIgnoreCase(leftBytes, rightBytes));
        Assert.Equal(equal, KeyedHash.IgnoreCase(leftBytes) == KeyedHash.IgnoreCase(rightBytes));
    }

    [Fact]
    public void Prefix_IsFoundInAnyCase()
    {
        Assert.True(Ascii.StartsWithIgnoreCase("From:<>"u8, "FROM:"u8));
        Assert.False(Ascii.StartsWithIgnoreCase("FRO"u8, "FROM:"u8));
        Assert.False(Ascii.StartsWithIgnoreCase("FROM;"u8, "FROM:"u8));
    }

    [Fact]
    public void WholeTexts_AreJudgedByEveryByte()
    {
        Assert.True(Ascii.IsAscii("a\0\x7f"u8));
        Assert.False(Ascii.IsAscii(Latin.Bytes("a\x80")));
        Assert.True(Ascii.IsPrintable(" ~"u8));
        Assert.False(Ascii.IsPrintable("a\t"u8));
        Assert.False(Ascii.IsPrintable("\x7f"u8));
        Assert.False(Ascii.IsPrintable(Latin.Bytes("\xa0")));
    }
}
