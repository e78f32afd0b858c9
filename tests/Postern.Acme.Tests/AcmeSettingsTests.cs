using Postern.Ipc.Slices;
using Postern.Text;

namespace Postern.Acme.Tests;

/// <summary>The slice of the configuration.</summary>
public sealed class AcmeSettingsTests
{
    private static readonly AcmeSlice _head = new() { Directory = "https://ca.test:14000/dir", Authorities = "/etc/authorities.pem" };

    [Fact]
    public void Slice_IsRead()
    {
        Assert.True(IpAddress.TryParse("192.0.2.1", out var address));
        var bytes = new byte[IpAddress.Size];
        address.CopyTo(bytes);
        var settings = AcmeSettings.Read(Slice(writer =>
        {
            writer.Add(_head);
            writer.Add(new ResolverSlice { Address = bytes, Port = 5353, IsTrusted = true });
        }));
        Assert.Equal("https://ca.test:14000/dir", settings!.Directory.Text);
        Assert.Equal("/etc/authorities.pem", settings.Authorities);
        Assert.Equal([(address, (ushort)5353, true)], settings.NameServers.Select(server => (server.Address, server.Port, server.IsTrusted)));
    }

    [Fact]
    public void SliceWithoutNameServers_IsOneToo() => Assert.Empty(AcmeSettings.Read(Slice(writer => writer.Add(_head)))!.NameServers);

    [Fact]
    public void SliceThatIsCut_IsNone()
    {
        var whole = Slice(writer =>
        {
            writer.Add(_head);
            writer.Add(new ResolverSlice { Address = new byte[IpAddress.Size], Port = 53, IsTrusted = false });
        });
        var head = Slice(writer => writer.Add(_head)).Length;
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Equal(length == head, AcmeSettings.Read(whole.AsSpan(0, length)) is not null);
        }

        Assert.NotNull(AcmeSettings.Read(whole));
        Assert.Null(AcmeSettings.Read([.. whole, 0]));
    }

    [Fact]
    public void SliceOfAnother_IsNone()
    {
        Assert.Null(AcmeSettings.Read([]));
        Assert.Null(AcmeSettings.Read(Slice(writer => writer.Add(new TlsSlice { HostName = "mx.example", AsksForCertificate = false }))));
        Assert.Null(AcmeSettings.Read(Slice(writer =>
        {
            writer.Add(_head);
            writer.Add(_head);
        })));
        Assert.Null(AcmeSettings.Read(Slice(writer => writer.Add(_head with { Directory = "http://ca.test/" }))));
        Assert.Null(AcmeSettings.Read(Slice(writer => writer.Add(_head with { Directory = string.Empty }))));
    }

    private static byte[] Slice(Action<SliceWriter> fill)
    {
        var writer = new SliceWriter();
        fill(writer);
        return writer.Bytes.ToArray();
    }
}
