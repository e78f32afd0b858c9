using System.Text;
using Postern.Tls.Harness;

namespace Postern.Tls.Sessions;

/// <summary>What a stranger can send instead of a handshake, or slowly.</summary>
public sealed class HostileBytesTests
{
    [Theory]
    [InlineData(0x303)]
    [InlineData(0x304)]
    public void AHandshakeOctetByOctet_Succeeds(int version)
    {
        using var service = Services.Plain();
        using var relay = new Relay(service, new ClientManner { MaxVersion = version, ServerName = "mx.example" });
        Assert.True(relay.Agree(octets: 1) == TlsStatus.Done, $"{relay.Server.Failure}");
        Assert.Equal("mx.example"u8.ToArray(), relay.Server.Facts!.ServerName);
    }

    [Theory]
    [InlineData("EHLO client.example\r\n", "wrong version number")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "http request")]
    [InlineData("\u0016\u0003\u0001\u0000\u0005aaaaa", "unexpected message")]
    [InlineData("\u0016\u0003\u0001\u00ff\u00ff\u0001", "packet length too long")]
    [InlineData("\u0080\u002e\u0001\u0000\u0002\u0000\u0015\u0000\u0000\u0000\u0010", null)] // SSL 2.0
    [InlineData("\u0014\u0003\u0001\u0000\u0001\u0001", null)] // Change of cipher before there is one
    [InlineData("\u0017\u0003\u0003\u0000\u0001a", null)] // Content before the handshake
    [InlineData("", null)]
    public void SomethingElse_IsAFailureWithAReason(string bytes, string? reason)
    {
        using var service = Services.Plain();
        using var relay = new Relay(service);
        relay.Inject(Encoding.Latin1.GetBytes(bytes.PadRight(48, '\0')));
        Assert.Equal(TlsStatus.Failed, relay.Server.Handshake());
        Assert.Equal(reason ?? relay.Server.Failure!.Reason, relay.Server.Failure!.Reason);
        Assert.Null(relay.Server.Failure.PeerAlert);
        Assert.Equal(TlsStatus.Failed, relay.Server.Handshake());
        Assert.Null(relay.Server.Facts);
    }

    [Fact]
    public void AnAlertOfTheClient_HasItsNumber()
    {
        using var service = Services.Plain();
        using var relay = new Relay(service, new ClientManner { MaxVersion = 0x303 });
        relay.Client.Step();
        relay.ToServer(int.MaxValue);
        Assert.Equal(TlsStatus.WantsRead, relay.Server.Handshake());
        relay.Inject([0x15, 3, 3, 0, 2, 2, 48]);
        Assert.Equal(TlsStatus.Failed, relay.Server.Handshake());
        Assert.Equal((byte)48, relay.Server.Failure!.PeerAlert);
    }

    [Fact]
    public void AClientThatGoesAway_IsAFailure()
    {
        using var service = Services.Plain();
        using var relay = new Relay(service);
        relay.Client.Step();
        relay.ToServer(100);
        Assert.Equal(TlsStatus.WantsRead, relay.Server.Handshake());
        relay.CutClient();
        Assert.Equal(TlsStatus.Failed, relay.Server.Handshake());
        Assert.Equal(new TlsFailure(null, "the other side ended the stream"), relay.Server.Failure);
    }

    // Each octet of the first flight wrong in turn: it fails, or the change did not matter; nothing else.
    [Fact]
    public void AnyOctetOfTheFirstFlightChanged_HarmsNothing()
    {
        using var service = Services.Plain();
        var length = 0;
        for (var at = 0; at == 0 || at < length; at++)
        {
            using var relay = new Relay(service, new ClientManner { ServerName = "mx.example", Protocols = ["smtp"] });
            relay.Client.Step();
            length = relay.ToServer(int.MaxValue, bytes => bytes[Math.Min(at, bytes.Length - 1)] ^= 0x55);
            var status = relay.Server.Handshake();
            Assert.True(status is TlsStatus.WantsRead or TlsStatus.Failed, $"octet {at}: {status}");
            Assert.Null(relay.Server.Facts);
        }

        Assert.True(length > 100);
        using var pair = new TlsPair(service).Agreed().Exchanged();
    }

    [Fact]
    public void BytesBehindTheFirstFlight_AreNoHandshake()
    {
        using var service = Services.Plain();
        using var relay = new Relay(service);
        relay.Client.Step();
        relay.ToServer(int.MaxValue);
        relay.Inject("MAIL FROM:<x@y.example>\r\n"u8);
        Assert.Equal(TlsStatus.Failed, relay.Agree());
    }
}
