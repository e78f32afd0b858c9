using Postern.Posix.Sockets;
using Postern.Text;

namespace Postern.Posix.Tests.Sockets;

public class SocketAddressTests
{
    [Theory]
    // The family is in the order of the machine, port and address in that of the network.
    [InlineData("192.0.2.1", new byte[] { 2, 0, 0x09, 0xdd, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData("::1", new byte[] { 10, 0, 0x09, 0xdd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0 })]
    public void AddressInTheKernelsForm_IsReadBack(string text, byte[] expected)
    {
        Assert.True(IpAddress.TryParse(text, out IpAddress address));
        var socketAddress = SocketAddress.Inet(address, 2525);
        byte[] raw = new byte[SocketAddress.MaxSize];
        int length = socketAddress.Write(raw);

        Assert.Equal(expected, raw[..length]);
        Assert.Equal(socketAddress, SocketAddress.Read(raw.AsSpan(0, length)));
    }
}
