using Postern.Posix.Sockets;
using Postern.Text;

namespace Postern.Posix.Tests.Sockets;

public class OwnAddressTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    // For documentation (RFC 5737, RFC 3849): no host has them.
    [InlineData("192.0.2.77", false)]
    [InlineData("203.0.113.255", false)]
    [InlineData("2001:db8::77", false)]
    public void AddressOfThisHost_IsRecognised(string text, bool isOwn)
    {
        Assert.True(IpAddress.TryParse(text, out IpAddress address));
        Assert.Equal(isOwn, Socket.IsOwnAddress(address));
    }
}
