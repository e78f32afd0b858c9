using Postern.Ipc.Delivery;
using Postern.Ipc.Notices;
using Postern.Ipc.Wire;

namespace Postern.Queue.Records;

/// <summary>What happened to one recipient; see docs/queue-format.md.</summary>
internal readonly ref struct ResultRecord
{
    /// <summary>The message.</summary>
    internal required ulong Message { get; init; }

    /// <summary>The recipient's number within it.</summary>
    internal required uint Recipient { get; init; }

    /// <summary>How it stands from now on.</summary>
    internal required RecipientStanding Standing { get; init; }

    /// <summary>True when a notification of it is owed to the sender.</summary>
    internal bool Owes { get; init; }

    /// <summary>What the notification will say.</summary>
    internal NoticeAction Action { get; init; }

    /// <summary>The enhanced status, packed as in a result frame; 0 when there was no attempt.</summary>
    internal uint Status { get; init; }

    /// <summary>The host that answered, or empty.</summary>
    internal ReadOnlySpan<byte> Host { get; init; }

    /// <summary>Its words or ours, or empty.</summary>
    internal ReadOnlySpan<byte> Text { get; init; }

    internal void Write(in FrameWriter writer)
    {
        writer.UInt64(Message);
        writer.UInt32(Recipient);
        Standing.Write(writer);
        writer.Flag(Owes);
        writer.Byte((byte)Action);
        writer.UInt32(Status);
        writer.Bytes(Host);
        writer.Bytes(Text);
    }

    internal static bool TryRead(ReadOnlySpan<byte> payload, out ResultRecord record)
    {
        var reader = new FrameReader(payload);
        record = new ResultRecord
        {
            Message = reader.UInt64(),
            Recipient = reader.UInt32(),
            Standing = RecipientStanding.Read(ref reader),
            Owes = reader.Flag(),
            Action = (NoticeAction)reader.ByteUpTo((byte)NoticeAction.Expanded),
            Status = reader.UInt32(),
            Host = reader.Bytes(DeliveryLimits.MaxHost),
            Text = reader.Bytes(DeliveryLimits.MaxText),
        };
        return reader.End();
    }
}
