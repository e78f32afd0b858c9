using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>deliver’s slice.</summary>
public readonly record struct DeliverSlice : IFrame<DeliverSlice>
{
    public static ushort Type => 160;

    /// <summary>The name of this server.</summary>
    public required string HostName { get; init; }

    /// <summary>The root of the virtual mailboxes.</summary>
    public required string Root { get; init; }

    /// <summary>The Maildir for postmaster’s mail when nobody was named.</summary>
    public required string Postmaster { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(HostName);
        writer.Text(Root);
        writer.Text(Postmaster);
    }

    public static bool TryRead(ref FrameReader reader, out DeliverSlice frame)
    {
        frame = new DeliverSlice
        {
            HostName = reader.Text(SliceLimits.MaxDomain),
            Root = reader.Text(SupervisorSlice.MaxPath),
            Postmaster = reader.Text(SupervisorSlice.MaxPath),
        };
        return reader.End();
    }
}
