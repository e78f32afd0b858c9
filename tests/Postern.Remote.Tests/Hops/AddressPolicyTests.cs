using Postern.Remote.Hops;
using Postern.Text;

namespace Postern.Remote.Tests.Hops;

public sealed class AddressPolicyTests
{
    [Theory]
    // SECURITY I7: where no MX record may lead.
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("fc00::1")]
    [InlineData("fe80::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("224.0.0.1")]
    [InlineData("ff02::1")]
    [InlineData("255.255.255.255")]
    // This host's own.
    [InlineData("8.8.4.4")]
    [InlineData("::ffff:8.8.4.4")]
    public void AddressThatIsNotOthers_IsRefused(string text)
    {
        Assert.False(Policy(false).Allows(Address(text)));
        Assert.True(Policy(true).Allows(Address(text)));
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("2606:4700::1111")]
    public void PublicAddress_IsAllowed(string text) => Assert.True(Policy(false).Allows(Address(text)));

    private static AddressPolicy Policy(bool allowPrivate) => new(allowPrivate, new HashSet<IpAddress> { Address("8.8.4.4") });

    private static IpAddress Address(string text)
    {
        Assert.True(IpAddress.TryParse(text, out var address));
        return address;
    }
}
