using CsCheck;

namespace Postern.Text.Tests.Bytes;

/// <summary>Case M1: foreign bytes in a log or on a terminal do nothing.</summary>
public class EscapedTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain ~ text", "plain ~ text")]
    // Told apart from what the escapes themselves look like.
    [InlineData("\\x1b", "\\\\x1b")]
    // Nothing ends the quotes that a log puts around it.
    [InlineData("a\" b=\"", "a\\\" b=\\\"")]
    // A title set, a screen cleared, the same by an upper control, a forged entry, NUL, DEL.
    [InlineData("\x1b]0;pwn\x07", "\\x1b]0;pwn\\x07")]
    [InlineData("\x1b[2J", "\\x1b[2J")]
    [InlineData("\x9b" + "31m", "\\x9b31m")]
    [InlineData("a\r\n2026-11-23 FAKE ENTRY", "a\\x0d\\x0a2026-11-23 FAKE ENTRY")]
    [InlineData("\t\0\x7f", "\\x09\\x00\\x7f")]
    // U+202E in UTF-8, and bytes that are none.
    [InlineData("\xe2\x80\xae", "\\xe2\\x80\\xae")]
    [InlineData("\xff", "\\xff")]
    // Case M2: never a format of ours.
    [InlineData("%n%s{0}${jndi:x}", "%n%s{0}${jndi:x}")]
    public void Bytes_AreEscaped(string text, string expected) => Assert.Equal(expected, EscapedText.Of(Latin.Bytes(text)));

    [Fact]
    public void LongText_IsCutBetweenSigns()
    {
        Assert.Equal(new string('a', 256), EscapedText.Of(Latin.Bytes(new string('a', 256))));
        Assert.Equal(new string('a', 253) + "...", EscapedText.Of(Latin.Bytes(new string('a', 257))));
        Assert.Equal(new string('a', 252) + "...", EscapedText.Of(Latin.Bytes(new string('a', 252) + "\0b")));
        Assert.Equal(new string('a', 252) + "\\x00", EscapedText.Of(Latin.Bytes(new string('a', 252) + "\0")));
        Assert.Equal(new string('a', 253) + "...", EscapedText.Of(Latin.Bytes(new string('a', 253) + "\0")));
        Assert.Equal(string.Concat(Enumerable.Repeat("\\x00", 63)) + "...", EscapedText.Of(new byte[1 << 16]));
    }

    [Fact]
    public void Strings_AreEscapedByTheirUtf8()
    {
        Assert.Equal("\\xc3\\xbc\\x0a", EscapedText.Of("ü\n"));
        Assert.Equal(new string('a', 253) + "...", EscapedText.Of(new string('a', 100_000)));
        // Half a surrogate pair has no UTF-8.
        Assert.Equal("\\xef\\xbf\\xbd", EscapedText.Of("\ud800"));
    }

    [Fact]
    public void AnyBytes_BecomePrintableWithinTheLimit() => Gen.Byte.Array[0, 400].Sample(bytes =>
    {
        string text = EscapedText.Of(bytes);
        return text.Length <= EscapedText.MaxLength && text.All(character => character is >= ' ' and <= '~');
    });
}
