using Postern.Ipc.Wire;

namespace Postern.Ipc.Administration;

/// <summary>queue → postern: done, on stable storage.</summary>
public readonly record struct ActDoneFrame : IFrame<ActDoneFrame>
{
    public static ushort Type => 87;

    /// <summary>Echoed in every answer.</summary>
    public required uint Request { get; init; }

    /// <summary>How many recipients it touched.</summary>
    public required uint Recipients { get; init; }

    /// <summary>Of how many messages.</summary>
    public required uint Messages { get; init; }

    /// <summary>How many of them are being tried now; 0 unless one message was named.</summary>
    public required uint Tried { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Request);
        writer.UInt32(Recipients);
        writer.UInt32(Messages);
        writer.UInt32(Tried);
    }

    public static bool TryRead(ref FrameReader reader, out ActDoneFrame frame)
    {
        frame = new ActDoneFrame
        {
            Request = reader.UInt32(),
            Recipients = reader.UInt32(),
            Messages = reader.UInt32(),
            Tried = reader.UInt32(),
        };
        return reader.End();
    }
}
