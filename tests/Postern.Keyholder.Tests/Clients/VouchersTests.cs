using System.Security.Cryptography;
using Postern.Ipc;
using Postern.Ipc.Securing;
using Postern.Ipc.Slices;
using Postern.Ipc.Wire;
using Postern.Keyholder.Clients;
using Postern.Loop;
using Postern.Posix.Sockets;
using Postern.Text;

namespace Postern.Keyholder.Tests.Clients;

/// <summary>What is said to auth of a client's certificate: auth knows it by the key, and nobody else is given that.</summary>
public sealed class VouchersTests : IChannelEvents, IDisposable
{
    private static readonly byte[] _fingerprint = SHA256.HashData("a certificate"u8);
    private static readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    private readonly EventLoop _loop = new(TimeProvider.System);
    private readonly Vouchers _vouchers = new();
    private readonly List<byte[]> _keys = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Voucher_IsKnownByTheKeyThatAuthIsGiven()
    {
        var key = KeyOf(_vouchers);
        Assert.True(CertificateVoucher.TryRead(_vouchers.For(Asked(), _fingerprint, _now), out var voucher));
        Assert.Equal(_fingerprint, voucher.Fingerprint.ToArray());
        Assert.Equal(1_800_000_000, voucher.Seconds);
        var code = HMACSHA256.HashData(key, CertificateVoucher.Signed(ServiceKind.Submissions, Asked().Client, _fingerprint, 1_800_000_000));
        Assert.Equal(code, voucher.Code.ToArray());
    }

    [Fact]
    public void EveryAuth_IsGivenTheSameKey_AndEveryTlsHasItsOwn()
    {
        Assert.Equal(KeyOf(_vouchers), KeyOf(_vouchers));
        Assert.NotEqual(KeyOf(_vouchers), KeyOf(new Vouchers()));
    }

    [Fact]
    public void WithoutACertificate_ThereIsNone() => Assert.Empty(_vouchers.For(Asked(), [], _now));

    [Fact]
    public void WhatAuthSays_EndsTheLine()
    {
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        using var tls = _vouchers.Tell(_loop, ours!);
        using var auth = new Channel(_loop, theirs!, this);
        auth.Send(new VoucherKeyFrame { Key = new byte[32] });
        Settle();
        Assert.True(tls.IsClosed);
    }

    bool IChannelEvents.OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        Assert.Equal(VoucherKeyFrame.Type, type);
        Assert.True(VoucherKeyFrame.TryRead(ref reader, out var frame));
        _keys.Add(frame.Key.ToArray());
        return true;
    }

    void IChannelEvents.OnChannelClosed(Channel channel, bool hostile) => Assert.False(hostile);

    private static HandOver Asked() => new(ServiceKind.Submissions, IpAddress.TryParse("192.0.2.7", out var client) ? client : default);

    private byte[] KeyOf(Vouchers vouchers)
    {
        Assert.False(Socket.OpenPair(packets: false, out var ours, out var theirs).Failed);
        using var tls = vouchers.Tell(_loop, ours!);
        using var auth = new Channel(_loop, theirs!, this);
        Settle();
        return _keys[^1];
    }

    private void Settle()
    {
        while (_loop.RunTurn(wait: false))
        {
        }
    }
}
