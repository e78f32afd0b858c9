using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>remote: an address of this host; no MX may lead back to it.</summary>
public readonly ref struct OwnAddressSlice : IFrame<OwnAddressSlice>
{
    public static ushort Type => 142;

    /// <summary>The address, 16 bytes.</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Bytes(Address);
    }

    public static bool TryRead(ref FrameReader reader, out OwnAddressSlice frame)
    {
        frame = new OwnAddressSlice
        {
            Address = reader.Bytes(16),
        };
        return reader.End();
    }
}
