using Postern.Ipc.Delivery;
using Postern.Ipc.Wire;

namespace Postern.Ipc.Administration;

/// <summary>queue → postern: one recipient of a message, or the end of the list.</summary>
public readonly ref struct ItemFrame : IFrame<ItemFrame>
{
    public static ushort Type => 83;

    /// <summary>Echoed in every answer.</summary>
    public required uint Request { get; init; }

    /// <summary>The message.</summary>
    public required ulong Message { get; init; }

    /// <summary>Its sender; empty is the null sender.</summary>
    public required ReadOnlySpan<byte> Sender { get; init; }

    /// <summary>The recipient.</summary>
    public required ReadOnlySpan<byte> Recipient { get; init; }

    /// <summary>How the recipient stands.</summary>
    public required RecipientCondition Condition { get; init; }

    /// <summary>Attempts so far.</summary>
    public required ushort Attempts { get; init; }

    /// <summary>Bytes of content.</summary>
    public required ulong Size { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long Arrived { get; init; }

    /// <summary>Unix seconds; 0 when none is due.</summary>
    public required long NextAttempt { get; init; }

    /// <summary>Where it goes next.</summary>
    public required ReadOnlySpan<byte> Destination { get; init; }

    /// <summary>What the last attempt said.</summary>
    public required ReadOnlySpan<byte> LastText { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Request);
        writer.UInt64(Message);
        writer.Bytes(Sender);
        writer.Bytes(Recipient);
        writer.Byte((byte)Condition);
        writer.UInt16(Attempts);
        writer.UInt64(Size);
        writer.Int64(Arrived);
        writer.Int64(NextAttempt);
        writer.Bytes(Destination);
        writer.Bytes(LastText);
    }

    public static bool TryRead(ref FrameReader reader, out ItemFrame frame)
    {
        frame = new ItemFrame
        {
            Request = reader.UInt32(),
            Message = reader.UInt64(),
            Sender = reader.Bytes(AddressLimits.MaxAddress),
            Recipient = reader.Bytes(AddressLimits.MaxAddress),
            Condition = (RecipientCondition)reader.ByteUpTo((byte)RecipientCondition.Postponed),
            Attempts = reader.UInt16(),
            Size = reader.UInt64(),
            Arrived = reader.Int64(),
            NextAttempt = reader.Int64(),
            Destination = reader.Bytes(DeliveryLimits.MaxDestination),
            LastText = reader.Bytes(DeliveryLimits.MaxText),
        };
        return reader.End();
    }
}
