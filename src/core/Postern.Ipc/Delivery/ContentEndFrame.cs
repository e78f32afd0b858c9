using Postern.Ipc.Wire;

namespace Postern.Ipc.Delivery;

/// <summary>Sender of content → its receiver: that was the last piece.</summary>
public readonly record struct ContentEndFrame : IFrame<ContentEndFrame>
{
    public static ushort Type => 33;

    /// <summary>The delivery or notice.</summary>
    public required uint Transaction { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Transaction);
    }

    public static bool TryRead(ref FrameReader reader, out ContentEndFrame frame)
    {
        frame = new ContentEndFrame
        {
            Transaction = reader.UInt32(),
        };
        return reader.End();
    }
}
