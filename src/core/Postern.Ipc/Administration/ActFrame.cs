using Postern.Ipc.Wire;

namespace Postern.Ipc.Administration;

/// <summary>postern → queue: do this.</summary>
public readonly record struct ActFrame : IFrame<ActFrame>
{
    public static ushort Type => 86;

    /// <summary>Echoed in every answer.</summary>
    public required uint Request { get; init; }

    /// <summary>What.</summary>
    public required QueueAct Act { get; init; }

    /// <summary>The message; 0 means every one.</summary>
    public required ulong Message { get; init; }

    /// <summary>Which recipients of it.</summary>
    public required Selection Of { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Request);
        writer.Byte((byte)Act);
        writer.UInt64(Message);
        Of.Write(writer);
    }

    public static bool TryRead(ref FrameReader reader, out ActFrame frame)
    {
        frame = new ActFrame
        {
            Request = reader.UInt32(),
            Act = (QueueAct)reader.ByteUpTo((byte)QueueAct.Remove),
            Message = reader.UInt64(),
            Of = Selection.Read(ref reader),
        };
        return reader.End();
    }
}
