using Postern.Ipc.Wire;

namespace Postern.Ipc.Slices;

/// <summary>auth’s only slice frame.</summary>
public readonly record struct AuthSlice : IFrame<AuthSlice>
{
    public static ushort Type => 190;

    /// <summary>The folder of the accounts and of what was tried, absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>Reads a whole slice; null when it is not one of these.</summary>
    public static AuthSlice? Read(ReadOnlySpan<byte> slice)
    {
        var frames = new SliceReader(slice);
        return frames.TryNext(out var type, out var reader) && type == Type && TryRead(ref reader, out var read) && frames.AtEnd ? read : null;
    }

    public void Write(scoped in FrameWriter writer) => writer.Text(Folder);

    public static bool TryRead(ref FrameReader reader, out AuthSlice frame)
    {
        frame = new AuthSlice { Folder = reader.Text(SupervisorSlice.MaxPath) };
        return reader.End();
    }
}
