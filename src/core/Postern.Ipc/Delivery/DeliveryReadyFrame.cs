using Postern.Ipc.Wire;

namespace Postern.Ipc.Delivery;

/// <summary>queue → local or remote, local → deliver: all recipients were told; content follows, as far as the window allows.</summary>
public readonly record struct DeliveryReadyFrame : IFrame<DeliveryReadyFrame>
{
    public static ushort Type => 32;

    /// <summary>The queue's number for this attempt.</summary>
    public required uint Delivery { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Delivery);
    }

    public static bool TryRead(ref FrameReader reader, out DeliveryReadyFrame frame)
    {
        frame = new DeliveryReadyFrame
        {
            Delivery = reader.UInt32(),
        };
        return reader.End();
    }
}
