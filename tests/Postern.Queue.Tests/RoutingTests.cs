using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Mail;

namespace Postern.Queue.Tests;

public sealed class RoutingTests
{
    // An own domain without a route of its own stays here even when everything else goes to a smarthost.
    [Theory]
    [InlineData("u@a.test", HopKind.Local, "")]
    [InlineData("u@mx.a.test", HopKind.Local, "")]
    [InlineData("u@[192.0.2.1]", HopKind.Local, "")]
    [InlineData("u@routed.test", HopKind.Host, "192.0.2.7")]
    [InlineData("u@x.internal.test", HopKind.LmtpSocket, "/run/lmtp")]
    [InlineData("u@elsewhere.test", HopKind.Host, "smarthost.test")]
    public void WithASmarthost_AddressesGoWhereTheyShould(string address, HopKind kind, string name)
    {
        var hop = Read(smarthost: true).Routing.HopFor(Parse(address));
        Assert.Equal((kind, name), (hop.Kind, hop.Name));
    }

    [Fact]
    public void WithoutASmarthost_ForeignDomainsGoToTheirExchangers()
    {
        var hop = Read(smarthost: false).Routing.HopFor(Parse("u@elsewhere.test"));
        Assert.Equal((HopKind.Exchangers, "elsewhere.test"), (hop.Kind, hop.Name));
    }

    [Fact]
    public void SliceCutAnywhere_IsRefused()
    {
        var slice = Slice(smarthost: true);
        for (var length = 1; length < slice.Length; length++)
        {
            // A cut between two frames leaves a shorter slice that is whole in itself.
            _ = QueueSettings.Read(slice.AsSpan(0, length));
        }

        Assert.Null(QueueSettings.Read(slice.AsSpan(0, slice.Length - 1)));
        Assert.Null(QueueSettings.Read([]));
    }

    private static Mailbox Parse(string address)
    {
        Assert.True(Mailbox.TryParse(address, out var mailbox));
        return mailbox;
    }

    private static QueueSettings Read(bool smarthost)
    {
        var settings = QueueSettings.Read(Slice(smarthost));
        Assert.NotNull(settings);
        return settings;
    }

    private static byte[] Slice(bool smarthost)
    {
        var writer = new SliceWriter();
        writer.Add(new QueueSlice
        {
            HostName = "mx.a.test",
            Folder = "/state/queue",
            MessageSize = 1000,
            RetryFirstSeconds = 300,
            RetryMaxSeconds = 14400,
            ExpireSeconds = 432000,
            WarnAfterSeconds = 14400,
            MaxPerDestination = 20,
            MaxRemote = 200,
            MaxLocal = 64,
            SegmentBytes = 64 << 20,
        });
        writer.Add(new DomainSlice { Domain = "a.test" });
        writer.Add(new RouteSlice { Pattern = "routed.test", Hop = HopKind.Host, Destination = "192.0.2.7", Port = 25 });
        writer.Add(new RouteSlice { Pattern = "*.internal.test", Hop = HopKind.LmtpSocket, Destination = "/run/lmtp", Port = 0 });
        if (smarthost)
        {
            writer.Add(new RouteSlice { Pattern = "*", Hop = HopKind.Host, Destination = "smarthost.test", Port = 587 });
        }

        return writer.Bytes.ToArray();
    }
}
