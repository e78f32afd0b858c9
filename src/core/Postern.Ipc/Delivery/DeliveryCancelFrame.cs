using Postern.Ipc.Wire;

namespace Postern.Ipc.Delivery;

/// <summary>queue → local or remote: give the attempt up; no result is wanted.</summary>
public readonly record struct DeliveryCancelFrame : IFrame<DeliveryCancelFrame>
{
    public static ushort Type => 34;

    /// <summary>The queue's number for this attempt.</summary>
    public required uint Delivery { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Delivery);
    }

    public static bool TryRead(ref FrameReader reader, out DeliveryCancelFrame frame)
    {
        frame = new DeliveryCancelFrame
        {
            Delivery = reader.UInt32(),
        };
        return reader.End();
    }
}
