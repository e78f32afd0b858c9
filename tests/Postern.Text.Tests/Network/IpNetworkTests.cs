namespace Postern.Text.Tests.Network;

/// <summary>What is in a block of addresses.</summary>
public class IpNetworkTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("192.0.2.1", "192.0.2.1/32")]
    [InlineData("192.0.2.1/32", "192.0.2.1/32")]
    [InlineData("::1", "::1/128")]
    [InlineData("::1/128", "::1/128")]
    [InlineData("::/0", "::/0")]
    [InlineData("2001:db8::/32", "2001:db8::/32")]
    // Mapped notation counts from the front of all 128 bits.
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    public void Blocks_AreRead(string text, string canonical)
    {
        Assert.True(IpNetwork.TryParse(text, out var network));
        Assert.Equal(canonical, network.ToString());
        Assert.True(IpNetwork.TryParse(Latin.Bytes(canonical), out var again));
        Assert.Equal(network, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/8")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/ 8")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.0/255.0.0.0")]
    [InlineData("10/8")]
    [InlineData("::/129")]
    [InlineData("::/0128")]
    // Bits beyond the length: the writer means something else than he wrote.
    [InlineData("10.0.0.1/8")]
    [InlineData("::1/127")]
    [InlineData("2001:db8:1::/32")]
    // Neither family.
    [InlineData("::ffff:0.0.0.0/95")]
    public void AnythingElse_IsRefused(string text) => Assert.False(IpNetwork.TryParse(text, out _));

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.1.1", true)]
    [InlineData("10.0.0.0/8", "::10.1.1.1", false)]
    [InlineData("0.0.0.0/0", "1.2.3.4", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    // Everybody of IPv6 is not everybody.
    [InlineData("::/0", "1.2.3.4", false)]
    [InlineData("::/0", "::ffff:1.2.3.4", false)]
    [InlineData("::1/128", "::1", true)]
    [InlineData("::1/128", "::2", false)]
    [InlineData("2001:db8::/63", "2001:db8:0:1::1", true)]
    [InlineData("2001:db8::/64", "2001:db8:0:1::1", false)]
    [InlineData("2001:db8::/65", "2001:db8::8000:0:0:0", false)]
    [InlineData("2001:db8::/65", "2001:db8::7fff:0:0:0", true)]
    public void Block_ContainsItsAddresses(string block, string text, bool contained)
    {
        Assert.True(IpNetwork.TryParse(block, out var network));
        Assert.True(IpAddress.TryParse(text, out var address));
        Assert.Equal(contained, network.Contains(address));
    }

    [Theory]
    // Prefixes count from the front of all 128 bits.
    [InlineData("10.0.0.0", 104, "10.0.0.0/8")]
    [InlineData("192.0.2.1", 128, "192.0.2.1/32")]
    [InlineData("0.0.0.0", 96, "0.0.0.0/0")]
    [InlineData("2001:db8::", 32, "2001:db8::/32")]
    [InlineData("::", 0, "::/0")]
    public void Block_IsMadeOfItsFirstAddressAndAPrefix(string first, int bits, string canonical)
    {
        Assert.True(IpAddress.TryParse(first, out var address));
        Assert.True(IpNetwork.TryCreate(address, bits, out var network));
        Assert.Equal(canonical, network.ToString());
    }

    [Theory]
    [InlineData("::", -1)]
    [InlineData("::", 129)]
    // It would mix IPv4 with IPv6.
    [InlineData("10.0.0.0", 95)]
    // Bits beyond the prefix.
    [InlineData("10.0.0.1", 104)]
    [InlineData("2001:db8::1", 32)]
    public void NoBlock_IsMadeOfWhatIsNone(string first, int bits)
    {
        Assert.True(IpAddress.TryParse(first, out var address));
        Assert.False(IpNetwork.TryCreate(address, bits, out _));
    }
}
