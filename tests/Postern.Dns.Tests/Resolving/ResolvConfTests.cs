using System.Text;
using CsCheck;
using Postern.Dns.Resolving;

namespace Postern.Dns.Tests.Resolving;

public class ResolvConfTests
{
    [Fact]
    public void Servers_AreReadInTheirOrder() =>
        Assert.Equal(
            [Server(false, 192, 0, 2, 2), Server(false, 192, 0, 2, 1), Server(false, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)],
            Parse("# by hand\nsearch example.org\nnameserver 192.0.2.2\n\nnameserver\t192.0.2.1\nnameserver 2001:db8::1\n"));

    [Fact]
    public void FourthServer_IsLeftOut() =>
        Assert.Equal(3, Parse(string.Concat(Enumerable.Range(1, 9).Select(n => $"nameserver 192.0.2.{n}\n"))).Count);

    [Theory]
    [InlineData("")]
    [InlineData("\n\n\n")]
    [InlineData("#nameserver 192.0.2.1")]
    [InlineData(";nameserver 192.0.2.1")]
    [InlineData("nameserver")]
    [InlineData("nameserver ")]
    [InlineData("nameserver resolver.example.org")]
    [InlineData("nameserver 192.0.2.1:53")]
    [InlineData("nameserver 192.0.2")]
    [InlineData("nameserver 0xc0.0.2.1")]
    [InlineData("nameserver fe80::1%eth0")]
    [InlineData("nameservers 192.0.2.1")]
    [InlineData("NAMESERVER 192.0.2.1")]
    public void FileWithoutAServer_MeansThisHost(string file) => Assert.Equal([Server(true, 127, 0, 0, 1)], Parse(file));

    [Theory]
    [InlineData("nameserver 192.0.2.1")]
    [InlineData("nameserver 192.0.2.1\r\n")]
    [InlineData("  nameserver  192.0.2.1  # mine\n")]
    [InlineData("nameserver 192.0.2.300\nnameserver 192.0.2.1")]
    public void UsualVariants_AreRead(string file) => Assert.Equal([Server(false, 192, 0, 2, 1)], Parse(file));

    [Fact]
    public void ServerOnThisHost_IsTrusted() =>
        Assert.Equal([Server(true, 127, 0, 0, 53), Server(false, 192, 0, 2, 1)], Parse("nameserver 127.0.0.53\nnameserver 192.0.2.1\n"));

    [Theory]
    [InlineData("options trust-ad", true)]
    [InlineData("options edns0 trust-ad ndots:0", true)]
    [InlineData("options edns0", false)]
    [InlineData("options no-trust-ad", false)]
    [InlineData("# options trust-ad", false)]
    public void TrustOption_IsForAllServers(string option, bool isTrusted)
    {
        Assert.Equal([Server(isTrusted, 192, 0, 2, 1)], Parse($"nameserver 192.0.2.1\n{option}\n"));
        Assert.Equal([Server(isTrusted, 192, 0, 2, 1)], Parse($"{option}\nnameserver 192.0.2.1"));
    }

    [Fact]
    public void AnyOctets_GiveOneToThreeServers() =>
        Gen.Char["nameserver 0192.:abcdef#\n\t\0\u00ff%options trust-ad"].Array[0, 200].Sample(letters =>
            Assert.InRange(Parse("nameserver " + new string(letters)).Count, 1, 3));

    private static IReadOnlyList<NameServer> Parse(string file) => ResolvConf.Parse(Encoding.Latin1.GetBytes(file));

    private static NameServer Server(bool isTrusted, params byte[] octets) => new(Addresses.Of(octets), 53, isTrusted);
}
