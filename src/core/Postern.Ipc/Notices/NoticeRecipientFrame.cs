using Postern.Ipc.Delivery;
using Postern.Ipc.Wire;

namespace Postern.Ipc.Notices;

/// <summary>queue → bounce: one recipient that the notification reports on.</summary>
public readonly ref struct NoticeRecipientFrame : IFrame<NoticeRecipientFrame>
{
    public static ushort Type => 51;

    /// <summary>The queue's number for this notification.</summary>
    public required uint Notice { get; init; }

    /// <summary>What happened.</summary>
    public required NoticeAction Action { get; init; }

    /// <summary>The recipient.</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    /// <summary>ORCPT as given, or empty.</summary>
    public required ReadOnlySpan<byte> Original { get; init; }

    /// <summary>The enhanced status, packed as in a result; 0 when nobody knows what was answered: then there is no text, either.</summary>
    public required uint Status { get; init; }

    /// <summary>The host that answered, or empty.</summary>
    public required ReadOnlySpan<byte> Host { get; init; }

    /// <summary>Its words or ours.</summary>
    public required ReadOnlySpan<byte> Text { get; init; }

    /// <summary>Until when it is tried again, in Unix seconds; 0 when it is not.</summary>
    public required long RetryUntil { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Notice);
        writer.Byte((byte)Action);
        writer.Bytes(Address);
        writer.Bytes(Original);
        writer.UInt32(Status);
        writer.Bytes(Host);
        writer.Bytes(Text);
        writer.Int64(RetryUntil);
    }

    public static bool TryRead(ref FrameReader reader, out NoticeRecipientFrame frame)
    {
        frame = new NoticeRecipientFrame
        {
            Notice = reader.UInt32(),
            Action = (NoticeAction)reader.ByteUpTo((byte)NoticeAction.Expanded),
            Address = reader.Bytes(AddressLimits.MaxAddress),
            Original = reader.Bytes(AddressLimits.MaxOriginalRecipient),
            Status = reader.UInt32(),
            Host = reader.Bytes(DeliveryLimits.MaxHost),
            Text = reader.Bytes(DeliveryLimits.MaxText),
            RetryUntil = reader.Int64(),
        };
        return reader.End();
    }
}
