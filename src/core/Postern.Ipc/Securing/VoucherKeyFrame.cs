using Postern.Ipc.Wire;

namespace Postern.Ipc.Securing;

/// <summary>tls → auth: the key of its vouchers, made at its start.</summary>
public readonly ref struct VoucherKeyFrame : IFrame<VoucherKeyFrame>
{
    public static ushort Type => 77;

    /// <summary>The key.</summary>
    public required ReadOnlySpan<byte> Key { get; init; }

    public void Write(scoped in FrameWriter writer) => writer.Bytes(Key);

    public static bool TryRead(ref FrameReader reader, out VoucherKeyFrame frame)
    {
        frame = new VoucherKeyFrame { Key = reader.Bytes(CertificateVoucher.KeySize) };
        return reader.End() && frame.Key.Length == CertificateVoucher.KeySize;
    }
}
