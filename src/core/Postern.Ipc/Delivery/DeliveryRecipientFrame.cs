using Postern.Ipc.Wire;

namespace Postern.Ipc.Delivery;

/// <summary>queue → local or remote: one recipient of the attempt.</summary>
public readonly ref struct DeliveryRecipientFrame : IFrame<DeliveryRecipientFrame>
{
    public static ushort Type => 31;

    /// <summary>The queue's number for this attempt.</summary>
    public required uint Delivery { get; init; }

    /// <summary>Its number within the message.</summary>
    public required uint Recipient { get; init; }

    /// <summary>The address.</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    /// <summary>ORCPT as given, or empty.</summary>
    public required ReadOnlySpan<byte> Original { get; init; }

    /// <summary>The flags of NOTIFY.</summary>
    public required ushort Notify { get; init; }

    /// <summary>True for a target of an alias: it is not expanded again.</summary>
    public required bool Final { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Delivery);
        writer.UInt32(Recipient);
        writer.Bytes(Address);
        writer.Bytes(Original);
        writer.UInt16(Notify);
        writer.Flag(Final);
    }

    public static bool TryRead(ref FrameReader reader, out DeliveryRecipientFrame frame)
    {
        frame = new DeliveryRecipientFrame
        {
            Delivery = reader.UInt32(),
            Recipient = reader.UInt32(),
            Address = reader.Bytes(AddressLimits.MaxAddress),
            Original = reader.Bytes(AddressLimits.MaxOriginalRecipient),
            Notify = reader.UInt16(),
            Final = reader.Flag(),
        };
        return reader.End();
    }
}
