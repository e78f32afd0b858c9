using Postern.Ipc.Wire;

namespace Postern.Ipc.Delivery;

/// <summary>local, remote, deliver → who asked: the attempt is over; every recipient has its result.</summary>
public readonly record struct DeliveryEndFrame : IFrame<DeliveryEndFrame>
{
    public static ushort Type => 42;

    /// <summary>The queue's number for this attempt.</summary>
    public required uint Delivery { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Delivery);
    }

    public static bool TryRead(ref FrameReader reader, out DeliveryEndFrame frame)
    {
        frame = new DeliveryEndFrame
        {
            Delivery = reader.UInt32(),
        };
        return reader.End();
    }
}
