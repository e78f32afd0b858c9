using Postern.Ipc.Wire;

namespace Postern.Ipc.Administration;

/// <summary>postern → queue: show one message.</summary>
public readonly record struct ShowRequestFrame : IFrame<ShowRequestFrame>
{
    public static ushort Type => 84;

    /// <summary>Echoed in every answer.</summary>
    public required uint Request { get; init; }

    /// <summary>Which.</summary>
    public required ulong Message { get; init; }

    /// <summary>True: its content, too.</summary>
    public required bool Content { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Request);
        writer.UInt64(Message);
        writer.Flag(Content);
    }

    public static bool TryRead(ref FrameReader reader, out ShowRequestFrame frame)
    {
        frame = new ShowRequestFrame
        {
            Request = reader.UInt32(),
            Message = reader.UInt64(),
            Content = reader.Flag(),
        };
        return reader.End();
    }
}
