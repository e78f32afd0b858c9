using Postern.Ipc.Wire;

namespace Postern.Ipc.Securing;

/// <summary>tls → smtpd, the first thing in the pair of a client: the handshake is done, and what follows is what the client says.</summary>
public readonly ref struct SecuredFrame : IFrame<SecuredFrame>
{
    /// <summary>Longest name of a version or a suite: the longest in the registry has 45.</summary>
    private const int MaxName = 64;

    /// <summary>Longest name of a server that a client may ask for (RFC 6066 §3 with RFC 1035).</summary>
    private const int MaxServerName = 255;

    /// <summary>A channel binding: a digest, by SHA-512 at the most.</summary>
    private const int MaxBinding = 64;

    /// <summary>The most bytes that a whole frame of this kind has.</summary>
    public const int MaxSize = FrameLimits.HeaderSize + (6 * 2) + 1 + (2 * MaxName) + MaxServerName + CertificateVoucher.Size + (2 * MaxBinding);

    public static ushort Type => 70;

    /// <summary>TLSv1.2 or TLSv1.3.</summary>
    public required string Version { get; init; }

    /// <summary>The cipher suite, by its name in the registry.</summary>
    public required string Suite { get; init; }

    /// <summary>The server that the client asked for (SNI): any octets; empty for none.</summary>
    public ReadOnlySpan<byte> ServerName { get; init; }

    /// <summary>True when an earlier session went on.</summary>
    public bool IsResumed { get; init; }

    /// <summary>A <see cref="CertificateVoucher"/> for the client's certificate, for auth to judge; empty for none.</summary>
    public ReadOnlySpan<byte> Voucher { get; init; }

    /// <summary>The channel binding "tls-exporter" (RFC 9266); empty where it would not be safe.</summary>
    public ReadOnlySpan<byte> Exporter { get; init; }

    /// <summary>The channel binding "tls-server-end-point" (RFC 5929); empty where it is not known.</summary>
    public ReadOnlySpan<byte> EndPoint { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(Version);
        writer.Text(Suite);
        writer.Bytes(ServerName);
        writer.Flag(IsResumed);
        writer.Bytes(Voucher);
        writer.Bytes(Exporter);
        writer.Bytes(EndPoint);
    }

    public static bool TryRead(ref FrameReader reader, out SecuredFrame frame)
    {
        frame = new SecuredFrame
        {
            Version = reader.Text(MaxName),
            Suite = reader.Text(MaxName),
            ServerName = reader.Bytes(MaxServerName),
            IsResumed = reader.Flag(),
            Voucher = reader.Bytes(CertificateVoucher.Size),
            Exporter = reader.Bytes(MaxBinding),
            EndPoint = reader.Bytes(MaxBinding),
        };
        return reader.End();
    }
}
