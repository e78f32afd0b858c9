using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>smtpd: a network that may relay without logging in.</summary>
public readonly ref struct TrustedSlice : IFrame<TrustedSlice>
{
    public static ushort Type => 112;

    /// <summary>Its first address, 16 bytes, IPv4 mapped.</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    /// <summary>Its prefix length in the 128 bits.</summary>
    public required ushort Prefix { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Bytes(Address);
        writer.UInt16(Prefix);
    }

    public static bool TryRead(ref FrameReader reader, out TrustedSlice frame)
    {
        frame = new TrustedSlice
        {
            Address = reader.Bytes(16),
            Prefix = reader.UInt16(),
        };
        return reader.End();
    }
}
