using Postern.Ipc.Slices;
using Postern.Posix.Sockets;
using Postern.Smtpd.Settings;
using Postern.TestKit;
using Postern.Text;

namespace Postern.Smtpd.Tests.Settings;

/// <summary>The slice: read whole, or not at all.</summary>
public class SmtpdSettingsTests
{
    [Fact]
    public void Slice_IsRead()
    {
        Assert.True(SmtpdSettings.TryRead(Whole(), out var settings));
        Assert.Equal("mx.a.test", settings!.Domain.ToString());
        Assert.Equal((1000L, 7, 8, 9), (settings.MessageSize, settings.Recipients, settings.Connections, settings.ConnectionsPerClient));
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11)), (settings.CommandTime, settings.SessionTime));
        Assert.True(settings.IsTrusted(Address("10.255.0.1")));
        Assert.False(settings.IsTrusted(Address("11.0.0.1")));
    }

    [Theory]
    [InlineData("127.0.0.1", 2525, ServiceKind.Smtp)]
    [InlineData("::", 24, ServiceKind.Lmtp)]
    // The kernel chose this port.
    [InlineData("127.0.0.2", 40_001, ServiceKind.Submission)]
    [InlineData("127.0.0.1", 2526, null)]
    [InlineData("127.0.0.3", 2525, null)]
    public void Listener_IsFoundByItsAddress(string address, int port, ServiceKind? service)
    {
        Assert.True(SmtpdSettings.TryRead(Whole(), out var settings));
        var found = settings!.TryFindService(SocketAddress.Inet(Address(address), (ushort)port), out var kind);
        Assert.Equal(service, found ? kind : null);
    }

    [Fact]
    public void SliceCutAnywhereButBetweenFrames_IsRefused()
    {
        var whole = Whole();
        var cuts = SplitDriver.EveryCut(whole).Count(cut => SmtpdSettings.TryRead(cut, out _));
        // One head, four frames behind it: four borders at which the rest is a shorter slice.
        Assert.Equal(4, cuts);
    }

    [Fact]
    public void SurplusByteOrForeignFrame_IsRefused()
    {
        Assert.False(SmtpdSettings.TryRead([.. Whole(), 0], out _));
        var slice = new SliceWriter();
        slice.Add(Head("mx.a.test"));
        slice.Add(new DomainSlice { Domain = "a.test" });
        Assert.False(SmtpdSettings.TryRead(slice.Bytes, out _));
        slice = new SliceWriter();
        slice.Add(Head("mx.a.test"));
        slice.Add(Head("mx.a.test"));
        Assert.False(SmtpdSettings.TryRead(slice.Bytes, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mx a.test")]
    [InlineData("192.0.2.1")]
    public void HostNameThatIsNone_IsRefused(string name)
    {
        var slice = new SliceWriter();
        slice.Add(Head(name));
        Assert.False(SmtpdSettings.TryRead(slice.Bytes, out _));
    }

    private static byte[] Whole()
    {
        var slice = new SliceWriter();
        slice.Add(Head("mx.a.test"));
        slice.Add(new TrustedSlice { Address = Bytes("10.0.0.0"), Prefix = 104 });
        slice.Add(new ListenerSlice { Address = Bytes("127.0.0.1"), Port = 2525, Service = ServiceKind.Smtp });
        slice.Add(new ListenerSlice { Address = Bytes("::"), Port = 24, Service = ServiceKind.Lmtp });
        slice.Add(new ListenerSlice { Address = Bytes("127.0.0.2"), Port = 0, Service = ServiceKind.Submission });
        return slice.Bytes.ToArray();
    }

    private static SmtpdSlice Head(string name) => new()
    {
        HostName = name,
        MessageSize = 1000,
        Recipients = 7,
        Connections = 8,
        ConnectionsPerClient = 9,
        CommandSeconds = 10,
        SessionSeconds = 11,
        OffersTls = true,
        MaxHoldSeconds = 12,
        Logins = LoginWays.Scram,
    };

    private static byte[] Bytes(string text)
    {
        var bytes = new byte[IpAddress.Size];
        Address(text).CopyTo(bytes);
        return bytes;
    }

    private static IpAddress Address(string text) =>
        IpAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));
}
