using Postern.Ipc.Wire;

namespace Postern.Ipc.Administration;

/// <summary>queue → postern: done, on stable storage.</summary>
public readonly record struct ActDoneFrame : IFrame<ActDoneFrame>
{
    public static ushort Type => 87;

    /// <summary>Echoed in every answer.</summary>
    public required uint Request { get; init; }

    /// <summary>How many recipients it touched.</summary>
    public required uint Count { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Request);
        writer.UInt32(Count);
    }

    public static bool TryRead(ref FrameReader reader, out ActDoneFrame frame)
    {
        frame = new ActDoneFrame
        {
            Request = reader.UInt32(),
            Count = reader.UInt32(),
        };
        return reader.End();
    }
}
