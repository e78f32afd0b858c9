using System.Text;
using Postern.Config.Files;

namespace Postern.Config.Tests.Files;

/// <summary>The name servers of the system.</summary>
public class ResolverFileTests
{
    [Theory]
    [InlineData("nameserver 192.0.2.1\n", "192.0.2.1")]
    [InlineData("nameserver\t192.0.2.1  \r\nnameserver 2001:db8::1", "192.0.2.1 2001:db8::1")]
    [InlineData("# nameserver 192.0.2.9\n; nameserver 192.0.2.9\nsearch example.org\noptions edns0\nnameserver 192.0.2.1\n", "192.0.2.1")]
    // MAXNS.
    [InlineData("nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n", "192.0.2.1 192.0.2.2 192.0.2.3")]
    // What can't be used is passed over.
    [InlineData("nameserver fe80::1%eth0\nnameserver ns.example\nnameserver 192.0.2.1\n", "192.0.2.1")]
    [InlineData("nameservers 192.0.2.1\nnameserver192.0.2.1\n", "127.0.0.1")]
    [InlineData(" nameserver 192.0.2.1\n", "127.0.0.1")]
    [InlineData("", "127.0.0.1")]
    [InlineData("\0\0\0", "127.0.0.1")]
    public void NameServers_AreRead(string content, string expected) =>
        Assert.Equal(expected, string.Join(' ', ResolverFile.Read(Encoding.UTF8.GetBytes(content)).Select(server => server.Address)));
}
