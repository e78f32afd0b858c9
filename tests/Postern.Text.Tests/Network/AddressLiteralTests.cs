namespace Postern.Text.Tests.Network;

/// <summary>Address literals of RFC 5321 §4.1.3.</summary>
public class AddressLiteralTests
{
    [Theory]
    [InlineData("[192.0.2.1]", "[192.0.2.1]")]
    [InlineData("[IPv6:2001:db8::1]", "[IPv6:2001:db8::1]")]
    [InlineData("[ipv6:2001:DB8::1]", "[IPv6:2001:db8::1]")]
    [InlineData("[IPv6:::1]", "[IPv6:::1]")]
    // Written as IPv6, but an IPv4 address.
    [InlineData("[IPv6:::ffff:127.0.0.1]", "[127.0.0.1]")]
    public void Literals_AreRead(string text, string canonical)
    {
        Assert.True(AddressLiteral.TryParse(Latin.Bytes(text), out var address));
        Span<byte> output = stackalloc byte[AddressLiteral.MaxText];
        Assert.Equal(canonical, Latin.Text(output[..AddressLiteral.Write(address, output)]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("192.0.2.1")]
    [InlineData("[192.0.2.1")]
    [InlineData("[192.0.2.1] ")]
    [InlineData("[0177.0.0.1]")]
    [InlineData("[2130706433]")]
    [InlineData("[0x7f.1]")]
    // Without its tag it is none.
    [InlineData("[::1]")]
    [InlineData("[IPv6:]")]
    [InlineData("[IPv6:192.0.2.1]")]
    // "::" for one group only is allowed in RFC 4291, not here.
    [InlineData("[IPv6:1:2:3:4:5:6::8]")]
    // No other tag is registered.
    [InlineData("[x400:c=de]")]
    public void AnythingElse_IsRefused(string text) => Assert.False(AddressLiteral.TryParse(Latin.Bytes(text), out _));
}
