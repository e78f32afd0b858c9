using CsCheck;

namespace Postern.Text.Tests.Bytes;

/// <summary>Case B15: what hides in xtext.</summary>
public class XTextTests
{
    private static string? Decode(string text, bool printable = false)
    {
        byte[] output = new byte[text.Length];
        bool decoded = printable
            ? XText.TryDecodePrintable(Latin.Bytes(text), output, out int length)
            : XText.TryDecode(Latin.Bytes(text), output, out length);
        return decoded ? Latin.Text(output.AsSpan(0, length)) : null;
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("QQ314159", "QQ314159")]
    [InlineData("Bob@big-bucks.com", "Bob@big-bucks.com")]
    [InlineData("a+2Bb+3Dc", "a+b=c")]
    [InlineData("+41", "A")]
    [InlineData("a+20b", "a b")]
    [InlineData("!~", "!~")]
    public void XText_IsDecoded(string text, string expected)
    {
        Assert.Equal(expected, Decode(text));
        Assert.Equal(expected, Decode(text, printable: true));
    }

    [Theory]
    // Bad or missing digits.
    [InlineData("+G1")]
    [InlineData("+1G")]
    [InlineData("+2")]
    [InlineData("+")]
    [InlineData("a+")]
    [InlineData("++41")]
    // RFC 3461 §4 has capitals only: two spellings of one id would be two ids.
    [InlineData("+2b")]
    [InlineData("+fF")]
    // What must be encoded.
    [InlineData("a=b")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("a\r\nb")]
    [InlineData("a\0b")]
    [InlineData("\x7f")]
    [InlineData("\xfc")]
    public void AnythingElse_IsRefused(string text)
    {
        Assert.Null(Decode(text));
        Assert.Null(Decode(text, printable: true));
    }

    [Theory]
    [InlineData("+00abc")]
    [InlineData("a+0D+0AInjected:+20x")]
    [InlineData("a+1B[2J")]
    [InlineData("a+7F")]
    [InlineData("a+C3+BC")]
    [InlineData("a+09b")]
    public void HiddenControls_AreXTextButNotPrintable(string text)
    {
        Assert.NotNull(Decode(text));
        Assert.Null(Decode(text, printable: true));
    }

    [Fact]
    public void Bytes_ComeBackAsEncoded() => Gen.Byte.Array[0, 40].Sample(raw =>
    {
        byte[] encoded = new byte[raw.Length * XText.MaxGrowth];
        int length = XText.Encode(raw, encoded);
        byte[] decoded = new byte[length];
        return encoded.AsSpan(0, length).IndexOfAnyExceptInRange((byte)0x21, (byte)0x7e) < 0
            && XText.TryDecode(encoded.AsSpan(0, length), decoded, out int written) && decoded.AsSpan(0, written).SequenceEqual(raw);
    });
}
