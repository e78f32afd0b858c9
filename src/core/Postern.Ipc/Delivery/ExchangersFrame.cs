using Postern.Ipc.Wire;

namespace Postern.Ipc.Delivery;

/// <summary>remote → queue: the mail exchangers of the domain that an attempt goes to; domains with the same ones share their pace.</summary>
public readonly ref struct ExchangersFrame : IFrame<ExchangersFrame>
{
    public static ushort Type => 43;

    /// <summary>The queue's number for the attempt.</summary>
    public required uint Delivery { get; init; }

    /// <summary>Preferences and names in a fixed order; at most <see cref="DeliveryLimits.MaxExchangers"/> bytes, compared as a whole.</summary>
    public required ReadOnlySpan<byte> Exchangers { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Delivery);
        writer.Bytes(Exchangers);
    }

    public static bool TryRead(ref FrameReader reader, out ExchangersFrame frame)
    {
        frame = new ExchangersFrame
        {
            Delivery = reader.UInt32(),
            Exchangers = reader.Bytes(DeliveryLimits.MaxExchangers),
        };
        return reader.End();
    }
}
