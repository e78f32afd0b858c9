using Postern.Ipc.Securing;
using Postern.Ipc.Slices;
using Postern.Ipc.Wire;
using Postern.Text;

namespace Postern.Ipc.Logins;

/// <summary>smtpd → auth: a client wants to log in. Only a client that is connected by TLS gets so far.</summary>
public readonly ref struct LoginStartFrame : IFrame<LoginStartFrame>
{
    /// <summary>The longest name of a mechanism (RFC 4422 §3.1).</summary>
    public const int MaxMechanism = 20;

    /// <summary>A channel binding: a digest, by SHA-512 at the most.</summary>
    private const int MaxBinding = 64;

    public static ushort Type => 72;

    /// <summary>The number of the exchange, never used again on the same channel; echoed in every answer.</summary>
    public required uint Exchange { get; init; }

    /// <summary>Where it was tried.</summary>
    public required ServiceKind Service { get; init; }

    /// <summary>The client's address, 16 bytes.</summary>
    public required ReadOnlySpan<byte> Client { get; init; }

    /// <summary>By which mechanism, as the client named it: any bytes.</summary>
    public required ReadOnlySpan<byte> Mechanism { get; init; }

    /// <summary>True when a message follows at once; false when the client waits for a challenge.</summary>
    public required bool HasMessage { get; init; }

    /// <summary>The channel binding "tls-exporter"; empty where there is none.</summary>
    public ReadOnlySpan<byte> Exporter { get; init; }

    /// <summary>The channel binding "tls-server-end-point"; empty where there is none.</summary>
    public ReadOnlySpan<byte> EndPoint { get; init; }

    /// <summary>A <see cref="CertificateVoucher"/> for the client's certificate, as tls wrote it; empty for none.</summary>
    public ReadOnlySpan<byte> Voucher { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Exchange);
        writer.Byte((byte)Service);
        writer.Bytes(Client);
        writer.Bytes(Mechanism);
        writer.Flag(HasMessage);
        writer.Bytes(Exporter);
        writer.Bytes(EndPoint);
        writer.Bytes(Voucher);
    }

    public static bool TryRead(ref FrameReader reader, out LoginStartFrame frame)
    {
        frame = new LoginStartFrame
        {
            Exchange = reader.UInt32(),
            Service = (ServiceKind)reader.ByteUpTo((byte)ServiceKind.Lmtp),
            Client = reader.Bytes(IpAddress.Size),
            Mechanism = reader.Bytes(MaxMechanism),
            HasMessage = reader.Flag(),
            Exporter = reader.Bytes(MaxBinding),
            EndPoint = reader.Bytes(MaxBinding),
            Voucher = reader.Bytes(CertificateVoucher.Size),
        };
        return reader.End() && frame.Client.Length == IpAddress.Size;
    }
}
