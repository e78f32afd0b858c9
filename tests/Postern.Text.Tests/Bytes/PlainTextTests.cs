using CsCheck;

namespace Postern.Text.Tests.Bytes;

/// <summary>Case K5: a peer's reply on its way into a notification.</summary>
public class PlainTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("550 5.1.1 no such user", "550 5.1.1 no such user")]
    [InlineData("a\\b", "a\\b")]
    [InlineData("first\r\nsecond", "first second")]
    [InlineData("a \r\n\t b", "a  b")]
    [InlineData("a\x1b[31mb", "a?[31mb")]
    [InlineData("\0\x7f\xfc", "???")]
    // Cut at 22, and what was folded away does not count.
    [InlineData("1234567890123456789012345", "1234567890123456789012")]
    [InlineData("1234567890\r\n\r\n123456789012345", "1234567890 12345678901")]
    public void Text_BecomesPlain(string text, string expected) => Assert.Equal(expected, Latin.Text(PlainText.Of(Latin.Bytes(text), 22)));

    [Fact]
    public void PlainText_StaysAsItIs() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        byte[] plain = PlainText.Of(bytes, 20);
        return PlainText.IsPlain(plain, 20) && PlainText.Of(plain, 20).AsSpan().SequenceEqual(plain);
    });

    [Fact]
    public void OtherText_IsNotPlain()
    {
        Assert.False(PlainText.IsPlain("a\n"u8, 20));
        Assert.False(PlainText.IsPlain("abc"u8, 2));
    }
}
