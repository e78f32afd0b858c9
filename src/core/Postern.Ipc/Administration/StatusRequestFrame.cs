using Postern.Ipc.Wire;

namespace Postern.Ipc.Administration;

/// <summary>postern → queue: how are you?</summary>
public readonly record struct StatusRequestFrame : IFrame<StatusRequestFrame>
{
    public static ushort Type => 80;

    /// <summary>Echoed in every answer.</summary>
    public required uint Request { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Request);
    }

    public static bool TryRead(ref FrameReader reader, out StatusRequestFrame frame)
    {
        frame = new StatusRequestFrame
        {
            Request = reader.UInt32(),
        };
        return reader.End();
    }
}
