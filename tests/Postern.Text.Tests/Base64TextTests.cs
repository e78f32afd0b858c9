using System.Text;
using CsCheck;

namespace Postern.Text.Tests;

/// <summary>Base64 with one spelling. D2, D4.</summary>
public sealed class Base64TextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("TQ==", "M")]
    [InlineData("TWE=", "Ma")]
    [InlineData("TWFu", "Man")]
    [InlineData("AHUAcHc=", "\0u\0pw")]
    public void AText_IsItsBytes(string text, string bytes)
    {
        Assert.True(Decodes(text, out var decoded));
        Assert.Equal(bytes, decoded);
    }

    [Theory]
    [InlineData("=")]
    [InlineData("==")]
    [InlineData("====")]
    [InlineData("TQ")]
    [InlineData("TQ=")]
    [InlineData("TQ==TQ==")]
    [InlineData("TWFu=")]
    [InlineData("T===")]
    [InlineData("T=Q=")]
    [InlineData("TWFuTQ=")]
    // Bits behind the last byte.
    [InlineData("TR==")]
    [InlineData("TWF=")]
    // What other readers pass over.
    [InlineData("TW Fu")]
    [InlineData("TWFu\n")]
    [InlineData("TWFu\r\n")]
    [InlineData("\tTQ==")]
    [InlineData("TQ== ")]
    [InlineData("T W F u ")]
    // The other alphabet, and none.
    [InlineData("TW-_")]
    [InlineData("TW\0u")]
    [InlineData("TWF\u00fc")]
    public void AnotherSpelling_IsNone(string text) => Assert.False(Decodes(text, out _));

    [Fact]
    public void AnyBytes_GoThereAndBack() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        var text = new byte[Base64Text.LengthFor(bytes.Length)];
        int length = Base64Text.Encode(bytes, text);
        Assert.Equal(Convert.ToBase64String(bytes), Encoding.ASCII.GetString(text.AsSpan(0, length)));
        var decoded = new byte[text.Length];
        Assert.True(Base64Text.TryDecode(text, decoded, out int written));
        Assert.Equal(bytes, decoded[..written]);
    });

    // Whatever is taken is the very text that its bytes encode to.
    [Fact]
    public void NoText_HasTwoSpellings() => Gen.Char["AQTWFgw/+=\n "].Array[0, 12].Sample(characters =>
    {
        var text = new string(characters);
        if (Decodes(text, out var decoded)) Assert.Equal(text, Convert.ToBase64String(Encoding.Latin1.GetBytes(decoded)));
    });

    private static bool Decodes(string text, out string decoded)
    {
        var output = new byte[100];
        bool done = Base64Text.TryDecode(Encoding.Latin1.GetBytes(text), output, out int written);
        decoded = Encoding.Latin1.GetString(output.AsSpan(0, written));
        return done;
    }
}
