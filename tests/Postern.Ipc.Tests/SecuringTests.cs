using Postern.Ipc.Securing;
using Postern.Ipc.Slices;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;
using Postern.Posix.Sockets;
using Postern.Text;

namespace Postern.Ipc.Tests;

/// <summary>How a client comes to the program that does TLS, and what comes back.</summary>
public sealed class SecuringTests : IDisposable
{
    private readonly Descriptor _smtpd;
    private readonly Descriptor _tls;
    private readonly Descriptor _first;
    private readonly Descriptor _second;

    public SecuringTests()
    {
        Assert.False(Socket.OpenPair(packets: true, out var smtpd, out var tls).Failed);
        Assert.False(Socket.OpenPair(packets: false, out var first, out var second).Failed);
        (_smtpd, _tls, _first, _second) = (smtpd!, tls!, first!, second!);
    }

    public void Dispose()
    {
        foreach (var each in new[] { _smtpd, _tls, _first, _second }) each.Dispose();
    }

    [Theory]
    [InlineData(ServiceKind.Smtp)]
    [InlineData(ServiceKind.Submissions)]
    [InlineData(ServiceKind.Lmtp)]
    public void HandOver_ArrivesWithBothSockets(ServiceKind service)
    {
        var asked = new HandOver(service, IpAddress.Loopback4);
        Assert.False(asked.Send(_smtpd.Number, _first, _second).Failed);
        Assert.True(HandOver.Receive(_tls.Number, out var taken, out var client, out var plain));
        using (client)
        using (plain)
        {
            Assert.Equal(asked, taken);
            Assert.NotNull(client);
            Assert.NotNull(plain);
        }
    }

    [Fact]
    public void NothingThere_IsNothing() => Assert.Null(HandOver.Receive(_tls.Number, out _, out _, out _));

    [Fact]
    public void EndOfTheLine_IsTheEnd()
    {
        _smtpd.Dispose();
        Assert.False(HandOver.Receive(_tls.Number, out _, out _, out _));
    }

    [Fact]
    public void PacketWithOneSocket_IsHostile()
    {
        _ = PacketSocket.Send(_smtpd.Number, Packet(0), _first);
        Assert.False(HandOver.Receive(_tls.Number, out _, out var client, out var plain));
        Assert.Null(client);
        Assert.Null(plain);
    }

    [Fact]
    public void PacketThatIsNone_IsHostileAndItsSocketsAreClosed()
    {
        foreach (var packet in new[] { Packet(4), Packet(0)[..^1], [] })
        {
            Assert.False(Socket.OpenPair(packets: false, out var kept, out var given).Failed);
            using (kept)
            {
                using (given) Assert.False(PacketSocket.Send(_smtpd.Number, packet, given!, given!).Failed);
                Assert.False(HandOver.Receive(_tls.Number, out _, out _, out _));
                Assert.Equal(0, Socket.Receive(kept!.Number, new byte[1]).Value);
            }
        }
    }

    [Fact]
    public void LongerPacket_IsHostile()
    {
        _ = PacketSocket.Send(_smtpd.Number, [.. Packet(0), 0], _first, _second);
        Assert.False(HandOver.Receive(_tls.Number, out _, out _, out _));
    }

    [Fact]
    public void LongestFacts_FitTheSizeThatIsSaid()
    {
        var bytes = Written(new SecuredFrame
        {
            Version = new string('v', 64),
            Suite = new string('s', 64),
            ServerName = new byte[255],
            Voucher = new byte[72],
            Exporter = new byte[64],
            EndPoint = new byte[64],
        });
        Assert.Equal(SecuredFrame.MaxSize, bytes.Length);
        var reader = new FrameReader(bytes.AsSpan(FrameLimits.HeaderSize));
        Assert.True(SecuredFrame.TryRead(ref reader, out _));
    }

    [Fact]
    public void Facts_ComeBackAsTheyWere()
    {
        var bytes = Written(new SecuredFrame
        {
            Version = "TLSv1.3",
            Suite = "TLS_AES_128_GCM_SHA256",
            ServerName = "mx\\é"u8,
            IsResumed = true,
            Voucher = [1, 2],
            Exporter = [3],
            EndPoint = [4, 5, 6],
        });
        var reader = new FrameReader(bytes.AsSpan(FrameLimits.HeaderSize));
        Assert.True(SecuredFrame.TryRead(ref reader, out var read));
        Assert.Equal(("TLSv1.3", "TLS_AES_128_GCM_SHA256", true), (read.Version, read.Suite, read.IsResumed));
        Assert.Equal("mx\\é"u8.ToArray(), read.ServerName.ToArray());
        Assert.Equal([1, 2], read.Voucher.ToArray());
        Assert.Equal([3], read.Exporter.ToArray());
        Assert.Equal([4, 5, 6], read.EndPoint.ToArray());
    }

    private static byte[] Packet(byte service)
    {
        var packet = new byte[17];
        packet[0] = service;
        return packet;
    }

    private static byte[] Written(in SecuredFrame frame)
    {
        var queue = new ByteQueue();
        var writer = new FrameWriter(queue, SecuredFrame.Type);
        frame.Write(writer);
        writer.End();
        return queue.Span.ToArray();
    }
}
