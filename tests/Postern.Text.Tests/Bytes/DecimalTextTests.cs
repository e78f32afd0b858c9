using System.Globalization;
using System.Text;
using CsCheck;

namespace Postern.Text.Tests.Bytes;

/// <summary>Case H1: what is a number on the wire.</summary>
public class DecimalTextTests
{
    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("1", 1UL)]
    [InlineData("4294967296", 4294967296UL)]
    [InlineData("9223372036854775807", 9223372036854775807UL)]
    // The largest of 64 bits.
    [InlineData("18446744073709551615", ulong.MaxValue)]
    // 1*20DIGIT says nothing of leading zeros.
    [InlineData("05", 5UL)]
    [InlineData("00000000000000000007", 7UL)]
    public void Digits_AreRead(string text, ulong expected)
    {
        Assert.True(DecimalText.TryRead(Latin.Bytes(text), out ulong value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    // One more than 64 bits hold, the largest of 20 digits, and 21 digits of any value.
    [InlineData("18446744073709551616")]
    [InlineData("99999999999999999999")]
    [InlineData("000000000000000000000")]
    // What the library's readers take, and others' spellings.
    [InlineData("-1")]
    [InlineData("+5")]
    [InlineData(" 5")]
    [InlineData("5 ")]
    [InlineData("5\t")]
    [InlineData("5\0\0")]
    [InlineData("0x10")]
    [InlineData("1e9")]
    [InlineData("1,000")]
    [InlineData("1.0")]
    [InlineData("５")]
    [InlineData("٣")]
    public void AnythingElse_IsRefused(string text)
    {
        Assert.False(DecimalText.TryRead(Encoding.UTF8.GetBytes(text), out ulong value));
        Assert.Equal(0UL, value);
    }

    [Fact]
    public void TwoHundredDigits_AreRefused() => Assert.False(DecimalText.TryRead(Latin.Bytes(new string('1', 200)), out ulong _));

    [Fact]
    public void Limit_IsTheLargestThatPasses()
    {
        Assert.True(DecimalText.TryRead("999"u8, 999, out uint value));
        Assert.Equal(999u, value);
        Assert.False(DecimalText.TryRead("1000"u8, 999, out value));
        Assert.Equal(0u, value);
    }

    [Fact]
    public void Numbers_ComeBackAsWritten() => Gen.ULong.Sample(value =>
    {
        Span<byte> text = stackalloc byte[DecimalText.MaxDigits];
        int length = DecimalText.Write(value, text);
        return Latin.Text(text[..length]) == value.ToString(CultureInfo.InvariantCulture)
            && DecimalText.TryRead(text[..length], out ulong again) && again == value;
    });

    [Fact]
    public void TooSmallAnOutput_IsOurBug() =>
        Assert.Throws<ArgumentException>(() => DecimalText.Write(10, new byte[1]));
}
