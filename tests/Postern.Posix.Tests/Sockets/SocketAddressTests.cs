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

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1:25")]
    [InlineData("2001:db8::1", "[2001:db8::1]:25")]
    public void AnAddress_IsShownWithItsPort(string text, string expected)
    {
        Assert.True(IpAddress.TryParse(text, out IpAddress address));
        Assert.Equal(expected, SocketAddress.Inet(address, 25).ToString());
    }

    [Fact]
    public void APath_IsShownAsItIsAndHasALimit()
    {
        string longest = "/" + new string('x', SocketAddress.MaxPathLength - 1);
        Assert.Equal(longest, SocketAddress.Unix(longest).ToString());
        Assert.Throws<ArgumentException>(() => SocketAddress.Unix(longest + "x"));
        Assert.Throws<ArgumentException>(() => SocketAddress.Unix("/ü"));
    }

    // What the kernel does not name, or names by half, is nobody's address.
    [Theory]
    [InlineData(new byte[] { 2, 0, 0, 25, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 10, 0, 0, 25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0 })]
    [InlineData(new byte[] { 3, 0, 0, 25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0 })]
    [InlineData(new byte[0])]
    public void AnotherForm_IsAnUnnamedAddress(byte[] raw)
    {
        var address = SocketAddress.Read(raw);
        Assert.True(address.IsUnix);
        Assert.Equal("", address.ToString());
    }
}
