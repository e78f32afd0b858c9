using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>directory, queue: a domain whose mail is ours.</summary>
public readonly record struct DomainSlice : IFrame<DomainSlice>
{
    public static ushort Type => 121;

    /// <summary>The domain in A-labels, lower case.</summary>
    public required string Domain { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(Domain);
    }

    public static bool TryRead(ref FrameReader reader, out DomainSlice frame)
    {
        frame = new DomainSlice
        {
            Domain = reader.Text(SliceLimits.MaxDomain),
        };
        return reader.End();
    }
}
