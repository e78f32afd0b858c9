using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>bounce’s slice.</summary>
public readonly ref struct BounceSlice : IFrame<BounceSlice>
{
    public static ushort Type => 170;

    /// <summary>The name of this server.</summary>
    public required string HostName { get; init; }

    /// <summary>The address that notifications come from in their header.</summary>
    public required ReadOnlySpan<byte> Postmaster { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(HostName);
        writer.Bytes(Postmaster);
    }

    public static bool TryRead(ref FrameReader reader, out BounceSlice frame)
    {
        frame = new BounceSlice
        {
            HostName = reader.Text(SliceLimits.MaxDomain),
            Postmaster = reader.Bytes(AddressLimits.MaxAddress),
        };
        return reader.End();
    }
}
