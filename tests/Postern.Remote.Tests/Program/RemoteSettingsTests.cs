using Postern.Ipc.Slices;
using Postern.Remote.Tests.Harness;
using Postern.Role.Confining;
using Postern.Text;

namespace Postern.Remote.Tests.Program;

public sealed class RemoteSettingsTests
{
    private static readonly byte[] _address = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 8, 8, 4, 4];

    [Fact]
    public void WholeSlice_IsRead()
    {
        var settings = RemoteSettings.Read(Slice())!;
        Assert.Equal("mail.example.org"u8, settings.HostName);
        Assert.Equal((100, TimeSpan.FromSeconds(5)), (settings.MaxConnections, settings.IdleTime));
        Assert.Equal(5353, settings.NameServers.Single().Port);
        Assert.False(settings.Addresses.Allows(IpAddress.FromBytes(_address)));
        Assert.True(settings.NameServers.Single().IsTrusted);
        Assert.Equal("/a", settings.Authorities);
        Assert.True(settings.Rules.TryFind("mx.example"u8, out var need));
        Assert.Equal(TlsNeed.Verified, need);
        Assert.Single(settings.Self.Names);
        Assert.Equal(TimeSpan.FromMinutes(1), settings.TlsHold);
        Assert.Equal("smart.example", Assert.Single(settings.Logins).Host);
        Assert.Equal(["/s/p", "/s/c", "/s/k"], settings.SecretFiles);
        // Addresses that are not listed are asked for.
        Assert.True(settings.Self.Recognises!(IpAddress.Loopback4));
        Assert.True(settings.Addresses.Recognises!(IpAddress.Loopback4));
    }

    [Fact]
    public void SliceCutAnywhere_IsReadNowhereButBetweenFrames()
    {
        var slice = Slice();
        var whole = 0;
        for (var length = 0; length < slice.Length; length++)
        {
            whole += RemoteSettings.Read(slice.AsSpan(0, length)) is null ? 0 : 1;
        }

        Assert.Equal(5, whole);
    }

    [Theory]
    [InlineData("a@example.org", true)]
    [InlineData("a", false)]
    [InlineData("a@example.org, b@example.org", false)]
    public void SenderOfReports_IsOneAddress(string from, bool isTaken)
    {
        var writer = Begin();
        writer.Add(new TlsReportSlice { From = from, Organization = "\u00dc"u8, Contact = "b@example.org" });
        var submitter = RemoteSettings.Read(writer.Bytes)?.Submitter;
        Assert.Equal(isTaken ? ("mail.example.org", "\u00dc", "b@example.org") : (null, null, null), (submitter?.HostName, submitter?.Organization, submitter?.Contact));
        // Twice is once too many.
        writer.Add(new TlsReportSlice { From = from, Organization = default, Contact = string.Empty });
        Assert.Null(RemoteSettings.Read(writer.Bytes));
    }

    [Fact]
    public void AddressOfAnotherLength_IsRefused()
    {
        var writer = Begin();
        writer.Add(new OwnAddressSlice { Address = _address.AsSpan(0, 4) });
        Assert.Null(RemoteSettings.Read(writer.Bytes));
    }

    // What one of them says is believed: an answer of another one would be taken for one that is not signed, and DANE be off.
    [Theory]
    [InlineData("127.0.0.1 192.0.2.1", "127.0.0.1", "192.0.2.1")]
    [InlineData("192.0.2.1 ::1 192.0.2.2", "::1", "192.0.2.1 192.0.2.2")]
    [InlineData("192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4+", "192.0.2.4", "192.0.2.1 192.0.2.2 192.0.2.3")]
    [InlineData("127.0.0.1 192.0.2.1+", "127.0.0.1 192.0.2.1", "")]
    [InlineData("192.0.2.1 192.0.2.2", "192.0.2.1 192.0.2.2", "")]
    public void ResolverThatIsNotBelieved_IsLeftOutBesideOneThatIs(string configured, string asked, string leftOut)
    {
        var writer = Begin();
        foreach (var server in configured.Split(' '))
        {
            Assert.True(IpAddress.TryParse(server.TrimEnd('+'), out var address));
            var raw = new byte[IpAddress.Size];
            address.CopyTo(raw);
            writer.Add(new ResolverSlice { Address = raw, Port = 53, IsTrusted = server.EndsWith('+') });
        }

        var settings = RemoteSettings.Read(writer.Bytes)!;
        Assert.Equal(asked, string.Join(' ', settings.NameServers.Select(server => server.Address)));
        Assert.Equal(leftOut, string.Join(' ', settings.LeftOut.Select(server => server.Address)));
    }

    // queue.sock is one of this host's sockets: without a route to one there is none to connect to.
    [Theory]
    [InlineData(true, SocketUse.Unix)]
    [InlineData(false, SocketUse.None)]
    public void SocketsOfThisHost_AreForRoutesThatLeadToOne(bool hasOne, SocketUse sockets)
    {
        var slice = Begin(hasOne).Bytes.ToArray();
        Assert.Equal(hasOne, RemoteSettings.Read(slice)!.HasLocalSockets);
        Assert.Equal(sockets, RemoteSettings.SocketsOf(slice));
        Assert.Equal(SocketUse.None, RemoteSettings.SocketsOf(slice.AsSpan(0, slice.Length - 1)));
    }

    [Fact]
    public void FilesThatTheSliceNames_AreReached_AndOnlyItsOwnAreChanged()
    {
        var places = RemoteSettings.PlacesOf(Slice());
        Assert.Equal(["/a", "/f", "/s"], places.Select(place => place.Path));
        Assert.Equal([FileUse.Read, FileUse.Read | FileUse.List | FileUse.Change, FileUse.Read], places.Select(place => place.Use));
        Assert.Empty(RemoteSettings.PlacesOf([1, 2, 3]));
    }

    private static byte[] Slice()
    {
        var writer = Begin();
        writer.Add(new ResolverSlice { Address = _address, Port = 5353, IsTrusted = true });
        writer.Add(new OwnAddressSlice { Address = _address });
        writer.Add(new TlsRuleSlice { Pattern = "*.example", Need = TlsNeed.Verified });
        writer.Add(new TlsReportSlice { From = "a@example.org", Organization = "\u00dc"u8, Contact = "b@example.org" });
        writer.Add(new LoginSlice { Host = "smart.example", User = "us", PasswordFile = "/s/p", Certificate = "/s/c", Key = "/s/k" });
        return writer.Bytes.ToArray();
    }

    private static SliceWriter Begin(bool hasLocalSockets = false)
    {
        var writer = new SliceWriter();
        writer.Add(SampleHead.Of(hasLocalSockets));
        return writer;
    }
}
