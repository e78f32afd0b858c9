using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>directory’s first slice frame.</summary>
public readonly record struct DirectorySlice : IFrame<DirectorySlice>
{
    public static ushort Type => 120;

    /// <summary>The name of this server.</summary>
    public required string HostName { get; init; }

    /// <summary>True when system accounts are mailboxes of the own domains.</summary>
    public required bool SystemUsers { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.Text(HostName);
        writer.Flag(SystemUsers);
    }

    public static bool TryRead(ref FrameReader reader, out DirectorySlice frame)
    {
        frame = new DirectorySlice
        {
            HostName = reader.Text(SliceLimits.MaxDomain),
            SystemUsers = reader.Flag(),
        };
        return reader.End();
    }
}
