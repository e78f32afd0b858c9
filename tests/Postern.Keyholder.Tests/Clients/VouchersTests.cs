using System.Security.Cryptography;
using Postern.Ipc;
using Postern.Ipc.Securing;
using Postern.Ipc.Slices;
using Postern.Ipc.Wire;
using Postern.Keyholder.Clients;
using Postern.Keyholder.Tests.Harness;
using Postern.Loop;
using Postern.Posix.Sockets;
using Postern.TestKit;
using Postern.TestKit.Certificates;
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

    [Fact]
    public void AuthThatWasTakenOver_StopsNothing()
    {
        using var rig = TlsRig.Started(false, Papers.Elliptic("mx.example"));
        var (client, smtpd) = rig.Agreed();
        var ended = 0;
        for (var seed = 0; seed < (Environment.GetEnvironmentVariable("POSTERN_LONG") == "1" ? 1000 : 40); seed++)
        {
            var wild = new WildFrames(seed);
            using var end = new WildEnd(rig.Turn, theirs => rig.Program.Connect(ProgramName.Auth, theirs));
            for (var left = 1 + wild.Below(10); left > 0 && !end.IsClosed; left--)
            {
                end.Send(wild.Next([VoucherKeyFrame.Type, .. WildFrames.Layouts.Keys]));
            }

            end.Read();
            // It is given the key, and nothing else, whatever it says.
            Assert.Equal(6 + 2 + CertificateVoucher.KeySize, end.Received.Count);
            ended += end.IsClosed ? 1 : 0;
        }

        Assert.NotEqual(0, ended);
        rig.Pass(Role.StandingLinks.Patience);
        Assert.False(rig.HasStopped);
        rig.Await(client.Say([1, 2, 3]));
        rig.Until(() => smtpd.SaidCount == 3, smtpd);
        rig.DemandService();
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
