using Postern.Dns.Records;
using Postern.Dns.Tests.Wire;
using Postern.Dns.Wire;
using static Postern.Dns.Tests.Wire.Message;

namespace Postern.Dns.Tests.Records;

public class PointerAndServiceTests
{
    private const int Ptr = 12, Srv = 33;

    // The name of the question, which names in data may point to.
    private static readonly byte[] _owner = Pointer(12);

    [Fact]
    public void Pointer_IsTakenApart() => Assert.Equal(
        new PointerRecord(Names.Of("example.org"), 300, Names.Of("mx.example.org")),
        Assert.Single(Read(Ptr, [2, (byte)'m', (byte)'x', .. _owner])!.Answers));

    [Theory]
    // Whole, as RFC 2782 demands, and compressed, as RFC 3597 §4 wants it understood.
    [InlineData(false)]
    [InlineData(true)]
    public void Service_IsTakenApart(bool compressed)
    {
        byte[] target = compressed ? [2, (byte)'m', (byte)'x', .. _owner] : Name("mx.example.org");
        Assert.Equal(
            new ServiceRecord(Names.Of("example.org"), 300, 1, 0x0203, 465, Names.Of("mx.example.org")),
            Assert.Single(Read(Srv, [0, 1, 2, 3, 1, 209, .. target])!.Answers));
    }

    [Fact]
    public void RootAsTarget_IsKept() =>
        Assert.True(Assert.IsType<ServiceRecord>(Assert.Single(Read(Srv, [0, 0, 0, 0, 0, 0, 0])!.Answers)).Target.IsRoot);

    [Theory]
    [InlineData(Ptr)]
    [InlineData(Srv)]
    public void DataCutAnywhereOrWithSomethingBehindIt_SpoilsTheResponse(int type)
    {
        byte[] whole = [.. type == Srv ? new byte[] { 0, 1, 0, 0, 1, 209 } : [], .. Name("mx.example.org")];
        Assert.NotNull(Read(type, whole));
        foreach (byte[] cut in TestKit.SplitDriver.EveryCut(whole))
            Assert.Null(Read(type, cut));
        Assert.Null(Read(type, [.. whole, 0]));
    }

    [Theory]
    [InlineData("192.0.2.10", "10.2.0.192.in-addr.arpa")]
    // The example of RFC 3596 §2.5.
    [InlineData("4321:0:1:2:3:4:567:89ab", "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa")]
    public void Address_IsWrittenBackwards(string address, string name)
    {
        Assert.True(Postern.Text.IpAddress.TryParse(address, out Postern.Text.IpAddress parsed));
        Assert.Equal(Names.Of(name), ReverseName.Of(parsed));
    }

    private static DnsResponse? Read(int type, byte[] data) =>
        DnsResponse.TryParse(For(type).Answer(_owner, type, data).Build(), out DnsResponse? response) ? response : null;
}
