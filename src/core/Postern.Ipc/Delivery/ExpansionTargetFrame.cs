using Postern.Ipc.Wire;

namespace Postern.Ipc.Delivery;

/// <summary>local → queue: a recipient of an alias stands for this address; the result frame of the recipient follows the last one.</summary>
public readonly ref struct ExpansionTargetFrame : IFrame<ExpansionTargetFrame>
{
    public static ushort Type => 41;

    /// <summary>The queue's number for this attempt.</summary>
    public required uint Delivery { get; init; }

    /// <summary>The recipient that stands for it.</summary>
    public required uint Recipient { get; init; }

    /// <summary>The target.</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    /// <summary>True when the alias is a list: success was reported for it and notices are no longer the sender’s (RFC 3461 §5.2.7).</summary>
    public required bool List { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Delivery);
        writer.UInt32(Recipient);
        writer.Bytes(Address);
        writer.Flag(List);
    }

    public static bool TryRead(ref FrameReader reader, out ExpansionTargetFrame frame)
    {
        frame = new ExpansionTargetFrame
        {
            Delivery = reader.UInt32(),
            Recipient = reader.UInt32(),
            Address = reader.Bytes(AddressLimits.MaxAddress),
            List = reader.Flag(),
        };
        return reader.End();
    }
}
