using System.Buffers.Binary;
using Postern.Ipc.Slices;
using Postern.Text;

namespace Postern.Ipc.Securing;

/// <summary>What tls says to auth of a client's certificate, by way of smtpd, which can pass it on and not make one: a fingerprint, a time and a code.</summary>
/// <remarks>
/// The code is an HMAC-SHA256 over these two, the client's address and the service, by a key that tls makes at its start and gives to auth
/// alone. So nothing that smtpd says of a certificate is believed (docs/trust.md).
/// </remarks>
public readonly ref struct CertificateVoucher
{
    /// <summary>Bytes of a key.</summary>
    public const int KeySize = 32;

    /// <summary>Bytes of a fingerprint, and of a code.</summary>
    private const int DigestSize = 32;

    /// <summary>Bytes of a voucher.</summary>
    public const int Size = DigestSize + sizeof(long) + DigestSize;

    /// <summary>The SHA-256 of the certificate.</summary>
    public ReadOnlySpan<byte> Fingerprint { get; private init; }

    /// <summary>When the handshake was done, in seconds since 1970.</summary>
    public long Seconds { get; private init; }

    /// <summary>The code.</summary>
    public ReadOnlySpan<byte> Code { get; private init; }

    /// <summary>What the code is made of.</summary>
    /// <param name="service">What the client is connected to.</param>
    /// <param name="client">Where it is.</param>
    /// <param name="fingerprint">The SHA-256 of its certificate.</param>
    /// <param name="seconds">When the handshake was done.</param>
    public static byte[] Signed(ServiceKind service, IpAddress client, ReadOnlySpan<byte> fingerprint, long seconds)
    {
        // Every part has one length: no two say the same.
        ArgumentOutOfRangeException.ThrowIfNotEqual(fingerprint.Length, DigestSize);
        var text = new byte[1 + IpAddress.Size + sizeof(long) + DigestSize];
        text[0] = (byte)service;
        client.CopyTo(text.AsSpan(1));
        BinaryPrimitives.WriteInt64LittleEndian(text.AsSpan(1 + IpAddress.Size), seconds);
        fingerprint.CopyTo(text.AsSpan(1 + IpAddress.Size + sizeof(long)));
        return text;
    }

    /// <summary>Writes one.</summary>
    public static byte[] Write(ReadOnlySpan<byte> fingerprint, long seconds, ReadOnlySpan<byte> code)
    {
        var time = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(time, seconds);
        return [.. fingerprint, .. time, .. code];
    }

    /// <summary>Reads one; whether it is genuine its code says.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out CertificateVoucher voucher)
    {
        voucher = bytes.Length != Size ? default : new CertificateVoucher
        {
            Fingerprint = bytes[..DigestSize],
            Seconds = BinaryPrimitives.ReadInt64LittleEndian(bytes[DigestSize..]),
            Code = bytes[(DigestSize + sizeof(long))..],
        };
        return bytes.Length == Size;
    }
}
