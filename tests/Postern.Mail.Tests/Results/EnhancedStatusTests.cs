using CsCheck;

namespace Postern.Mail.Tests.Results;

/// <summary>Enhanced status codes at the start of a reply.</summary>
public class EnhancedStatusTests
{
    [Theory]
    [InlineData("2.0.0 Ok", "2.0.0", 6)]
    [InlineData("5.1.1", "5.1.1", 5)]
    [InlineData("4.999.999 x", "4.999.999", 10)]
    [InlineData("5.7.1  two spaces", "5.7.1", 6)]
    public void Codes_AreReadFromTheStart(string text, string expected, int consumed)
    {
        Assert.True(EnhancedStatus.TryRead(Latin.Bytes(text), out var status, out int length));
        Assert.Equal(expected, status.ToString());
        Assert.Equal(consumed, length);
        Assert.True(EnhancedStatus.TryParse(Latin.Bytes(expected), out var again));
        Assert.Equal(status, again);
        Assert.True(status.IsSet);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Ok")]
    [InlineData("2.0")]
    [InlineData("2.0.")]
    [InlineData("2..0")]
    [InlineData("2.0.0.0")]
    [InlineData("2.0.0x")]
    [InlineData("2.0.0\t")]
    [InlineData(" 2.0.0")]
    // Classes are 2, 4 and 5.
    [InlineData("3.0.0 x")]
    [InlineData("1.0.0 x")]
    [InlineData("25.0.0 x")]
    // RFC 3463 §2: three digits at most, no leading zeros.
    [InlineData("5.1000.0 x")]
    [InlineData("5.0.1000 x")]
    [InlineData("5.01.1 x")]
    [InlineData("5.1.00 x")]
    [InlineData("5.-1.1 x")]
    public void AnythingElse_IsNoCode(string text)
    {
        Assert.False(EnhancedStatus.TryRead(Latin.Bytes(text), out var status, out _));
        Assert.Equal(default, status);
        Assert.False(status.IsSet);
        Assert.False(EnhancedStatus.TryParse(Latin.Bytes(text), out _));
    }

    [Fact]
    public void CodeWithText_IsNotACodeAlone()
    {
        Assert.False(EnhancedStatus.TryParse("2.0.0 Ok"u8, out var status));
        Assert.Equal(default, status);
        Assert.False(EnhancedStatus.TryParse("2.0.0 "u8, out _));
    }

    [Fact]
    public void Codes_ComeBackAsWritten() => Gen.Select(Gen.OneOf(Gen.Const((byte)2), Gen.Const((byte)4), Gen.Const((byte)5)), Gen.UShort[0, 999], Gen.UShort[0, 999]).Sample((c, s, d) =>
    {
        var status = new EnhancedStatus(c, s, d);
        Span<byte> text = stackalloc byte[EnhancedStatus.MaxText];
        return EnhancedStatus.TryParse(text[..status.Write(text)], out var again) && again == status;
    });

    [Fact]
    public void Class_CanBeExchanged() => Assert.Equal("4.4.4", EnhancedStatus.Unroutable.WithClass(4).ToString());
}
