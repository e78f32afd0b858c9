using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Mail;

namespace Postern.Ipc.Tests;

public sealed class RoutingTests
{
    // An own domain without a route of its own stays here even when everything else goes to a smarthost.
    [Theory]
    [InlineData("u@a.test", "local")]
    [InlineData("u@A.TEST", "local")]
    [InlineData("u@mx.a.test", "local")]
    [InlineData("u@[192.0.2.1]", "local")]
    [InlineData("u@routed.test", "192.0.2.7:2525")]
    [InlineData("u@x.internal.test", "lmtp:/run/lmtp")]
    [InlineData("u@lmtp.test", "lmtp:box.test:24")]
    // A longer name than the own one is another's.
    [InlineData("u@x.a.test", "smarthost.test:587")]
    [InlineData("u@elsewhere.test", "smarthost.test:587")]
    public void WithASmarthost_AddressesGoWhereTheyShould(string address, string hop)
    {
        var routing = Read(Slice(smarthost: true));
        Assert.Equal(hop, routing.HopFor(Parse(address)).ToString());
        Assert.Equal(hop, routing.HopFor(Parse(address).DomainText).ToString());
    }

    [Fact]
    public void WithoutASmarthost_ForeignDomainsGoToTheirExchangersAtTheirPort()
    {
        var hop = Read(Slice(smarthost: false)).HopFor(Parse("u@elsewhere.test"));
        Assert.Equal(new NextHop(HopKind.Exchangers, "elsewhere.test", 25), hop);
        Assert.Equal("elsewhere.test", hop.ToString());
    }

    // What the command line says of an address.
    [Theory]
    [InlineData("u@a.test", null)]
    [InlineData("u@[192.0.2.1]", null)]
    [InlineData("u@routed.test", "routed.test")]
    [InlineData("u@x.internal.test", "*.internal.test")]
    [InlineData("u@elsewhere.test", "*")]
    public void ARoute_IsNamedByItsPattern(string address, string? pattern) =>
        Assert.Equal(pattern, Read(Slice(smarthost: true)).Find(Parse(address)).Pattern);

    [Theory]
    // Twice the same, a pattern that is none, a smarthost twice.
    [InlineData("routed.test")]
    [InlineData("a..b")]
    [InlineData("*")]
    public void ARouteThatCannotBe_SpoilsTheSlice(string pattern)
    {
        var writer = new SliceWriter();
        writer.Add(Route(pattern == "*" ? "*" : "routed.test", HopKind.Host, "192.0.2.7", 25));
        Assert.Equal("192.0.2.7:25", Read(writer.Bytes).HopFor(Parse("u@routed.test")).ToString());
        writer.Add(Route(pattern, HopKind.Host, "192.0.2.8", 25));
        Assert.Null(TryRead(writer.Bytes));
    }

    [Fact]
    public void AFrameThatDoesNotBelongThere_SpoilsTheSlice()
    {
        var writer = new SliceWriter();
        writer.Add(new LocalSlice { HostName = "a.test" });
        Assert.Null(TryRead(writer.Bytes));
        // A domain's frame with a surplus byte, and a route's.
        Assert.Null(TryRead([3, 0, 0, 0, 121, 0, 0, 0, 0]));
        Assert.Null(TryRead([8, 0, 0, 0, 131, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        Assert.Null(TryRead([1, 0, 0]));
    }

    private static Routing Read(ReadOnlySpan<byte> slice)
    {
        var routing = TryRead(slice);
        Assert.NotNull(routing);
        return routing;
    }

    private static Routing? TryRead(ReadOnlySpan<byte> slice)
    {
        var frames = new SliceReader(slice);
        return Routing.Read(ref frames, "mx.a.test");
    }

    private static Mailbox Parse(string address)
    {
        Assert.True(Mailbox.TryParse(address, out var mailbox));
        return mailbox;
    }

    private static RouteSlice Route(string pattern, HopKind kind, string destination, ushort port) =>
        new() { Pattern = pattern, Hop = kind, Destination = destination, Port = port };

    private static byte[] Slice(bool smarthost)
    {
        var writer = new SliceWriter();
        writer.Add(new DomainSlice { Domain = "a.test" });
        writer.Add(Route("routed.test", HopKind.Host, "192.0.2.7", 2525));
        writer.Add(Route("*.internal.test", HopKind.LmtpSocket, "/run/lmtp", 0));
        writer.Add(Route("lmtp.test", HopKind.LmtpHost, "box.test", 24));
        if (smarthost)
        {
            writer.Add(Route("*", HopKind.Host, "smarthost.test", 587));
        }

        return writer.Bytes.ToArray();
    }
}
