using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>local’s slice.</summary>
public readonly record struct LocalSlice : IFrame<LocalSlice>
{
    public static ushort Type => 150;

    /// <summary>The name of this server.</summary>
    public required string HostName { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(HostName);
    }

    public static bool TryRead(ref FrameReader reader, out LocalSlice frame)
    {
        frame = new LocalSlice
        {
            HostName = reader.Text(SliceLimits.MaxDomain),
        };
        return reader.End();
    }
}
