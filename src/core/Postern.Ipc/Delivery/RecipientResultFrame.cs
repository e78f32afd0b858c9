using Postern.Ipc.Wire;
using Postern.Mail;

namespace Postern.Ipc.Delivery;

/// <summary>local, remote, deliver → who asked: what became of one recipient.</summary>
public readonly ref struct RecipientResultFrame : IFrame<RecipientResultFrame>
{
    public static ushort Type => 40;

    /// <summary>The queue's number for this attempt.</summary>
    public required uint Delivery { get; init; }

    /// <summary>Its number within the message.</summary>
    public required uint Recipient { get; init; }

    /// <summary>What became of it.</summary>
    public required DeliveryOutcome Outcome { get; init; }

    /// <summary>Whose fault it was, if it failed.</summary>
    public required FaultOf Fault { get; init; }

    /// <summary>The enhanced status: class × 1,000,000 + subject × 1,000 + detail.</summary>
    public required uint Status { get; init; }

    /// <summary>The host whose reply this is, or empty.</summary>
    public required ReadOnlySpan<byte> Host { get; init; }

    /// <summary>Its words, or ours when no host is named; printable ASCII.</summary>
    public required ReadOnlySpan<byte> Text { get; init; }

    /// <summary>The frame that tells a result.</summary>
    public static RecipientResultFrame Of(uint delivery, uint recipient, DeliveryResult result) => new()
    {
        Delivery = delivery,
        Recipient = recipient,
        Outcome = result.Outcome,
        Fault = result.FaultOf,
        Status = (result.Status.Class * 1_000_000u) + (result.Status.Subject * 1_000u) + result.Status.Detail,
        Host = result.RemoteHost.Span,
        Text = result.Text.Span,
    };

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Delivery);
        writer.UInt32(Recipient);
        writer.Byte((byte)Outcome);
        writer.Byte((byte)Fault);
        writer.UInt32(Status);
        writer.Bytes(Host);
        writer.Bytes(Text);
    }

    public static bool TryRead(ref FrameReader reader, out RecipientResultFrame frame)
    {
        frame = new RecipientResultFrame
        {
            Delivery = reader.UInt32(),
            Recipient = reader.UInt32(),
            Outcome = (DeliveryOutcome)reader.ByteUpTo((byte)DeliveryOutcome.Expanded),
            Fault = (FaultOf)reader.ByteUpTo((byte)FaultOf.World),
            Status = reader.UInt32(),
            Host = reader.Bytes(DeliveryLimits.MaxHost),
            Text = reader.Bytes(DeliveryLimits.MaxText),
        };
        return reader.End();
    }
}
