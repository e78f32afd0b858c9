using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>directory: an own domain that a route takes elsewhere; its recipients are taken when they are listed, or all when none is.</summary>
public readonly record struct RelayedDomainSlice : IFrame<RelayedDomainSlice>
{
    public static ushort Type => 124;

    /// <summary>The domain.</summary>
    public required string Domain { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(Domain);
    }

    public static bool TryRead(ref FrameReader reader, out RelayedDomainSlice frame)
    {
        frame = new RelayedDomainSlice
        {
            Domain = reader.Text(SliceLimits.MaxDomain),
        };
        return reader.End();
    }
}
