using Postern.Ipc;
using Postern.Ipc.Securing;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Posix;
using Postern.Tls.Sessions;

namespace Postern.Keyholder.Clients;

/// <summary>Vouches to auth for clients' certificates: what smtpd passes on it can't make, since auth alone is given the key.</summary>
internal sealed class Vouchers : IChannelEvents
{
    private readonly byte[] _key = RandomBytes.Take(CertificateVoucher.KeySize);

    /// <summary>Makes what is said of a client's certificate; empty when it has shown none.</summary>
    /// <param name="asked">The client.</param>
    /// <param name="fingerprint">The SHA-256 of its certificate, whose key it has shown to have; empty for none.</param>
    /// <param name="now">The time.</param>
    internal byte[] For(in HandOver asked, byte[] fingerprint, DateTimeOffset now)
    {
        if (fingerprint.Length == 0)
        {
            return [];
        }

        var seconds = now.ToUnixTimeSeconds();
        return CertificateVoucher.Write(fingerprint, seconds, MessageCode.Of(_key, CertificateVoucher.Signed(asked.Service, asked.Client, fingerprint, seconds)));
    }

    /// <summary>Gives the key to auth, which says nothing.</summary>
    internal Channel Tell(EventLoop loop, Descriptor descriptor)
    {
        var channel = new Channel(loop, descriptor, this);
        channel.Send(new VoucherKeyFrame { Key = _key });
        return channel;
    }

    /// <inheritdoc/>
    public bool OnFrame(Channel channel, ushort type, ref FrameReader reader) => false;

    /// <inheritdoc/>
    public void OnChannelClosed(Channel channel, bool hostile)
    {
    }
}
