using System.Security.Cryptography;
using Postern.Ipc;
using Postern.Ipc.Securing;
using Postern.Ipc.Slices;
using Postern.Ipc.Wire;
using Postern.Role.Logging;
using Postern.Text;

namespace Postern.Auth.Desk;

/// <summary>The line to tls, which says over it how its vouchers are known.</summary>
/// <param name="log">The log.</param>
internal sealed class VoucherLine(EventLog log) : IChannelEvents
{
    /// <summary>How long after the handshake a voucher holds: who has taken smtpd over can't keep those of clients that are gone. Arbitrary:
    /// twice as long as a client may take for one command.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private byte[]? _key;

    // Where it came from: the end of a channel before that one means nothing.
    private Channel? _source;

    /// <summary>True while tls is there.</summary>
    internal bool HasKey => _key is not null;

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader)
    {
        if (type != VoucherKeyFrame.Type || !VoucherKeyFrame.TryRead(ref reader, out var frame))
        {
            return false;
        }

        (_key, _source) = (frame.Key.ToArray(), channel);
        return true;
    }

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
        _key = channel == _source ? null : _key;
        if (hostile)
        {
            log.Warning("peer-refused").Word("peer", "tls").Write();
        }
    }

    /// <summary>The fingerprint that tls vouches for; empty when it does not.</summary>
    /// <param name="service">What the client is connected to, as smtpd says.</param>
    /// <param name="client">Where it is, as smtpd says.</param>
    /// <param name="bytes">The voucher, as smtpd says.</param>
    /// <param name="now">The time.</param>
    internal ReadOnlySpan<byte> Judge(ServiceKind service, IpAddress client, ReadOnlySpan<byte> bytes, DateTimeOffset now)
    {
        if (_key is null || !CertificateVoucher.TryRead(bytes, out var voucher))
        {
            return default;
        }

        var code = HMACSHA256.HashData(_key, CertificateVoucher.Signed(service, client, voucher.Fingerprint, voucher.Seconds));
        // The code first: whatever else stands there is smtpd's to choose, and tls's the whole: its seconds need be no time that there is.
        var (earliest, latest) = ((now - Lifetime).ToUnixTimeSeconds(), (now + Lifetime).ToUnixTimeSeconds());
        return CryptographicOperations.FixedTimeEquals(code, voucher.Code) && earliest <= voucher.Seconds && voucher.Seconds <= latest ? voucher.Fingerprint : default;
    }
}
