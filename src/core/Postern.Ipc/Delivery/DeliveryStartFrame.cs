using Postern.Ipc.Wire;
using Postern.Mail;

namespace Postern.Ipc.Delivery;

/// <summary>queue → local or remote, local → deliver: an attempt to deliver one message to one destination begins.</summary>
public readonly ref struct DeliveryStartFrame : IFrame<DeliveryStartFrame>
{
    public static ushort Type => 30;

    /// <summary>The queue's number for this attempt.</summary>
    public required uint Delivery { get; init; }

    /// <summary>The message.</summary>
    public required ulong Message { get; init; }

    /// <summary>What kind of next hop.</summary>
    public required HopKind Hop { get; init; }

    /// <summary>Host, domain, socket path or mailbox folder, as the kind says.</summary>
    public required ReadOnlySpan<byte> Destination { get; init; }

    /// <summary>The port of a host; 0 where none applies.</summary>
    public required ushort Port { get; init; }

    /// <summary>The sender; empty is the null sender.</summary>
    public required ReadOnlySpan<byte> Sender { get; init; }

    /// <summary>ENVID in xtext, or empty.</summary>
    public required ReadOnlySpan<byte> EnvelopeId { get; init; }

    /// <summary>RET.</summary>
    public required ReturnContent Return { get; init; }

    /// <summary>BODY.</summary>
    public required BodyType Body { get; init; }

    /// <summary>How it asks to be carried.</summary>
    public required Handling Handling { get; init; }

    /// <summary>Bytes of content.</summary>
    public required ulong Size { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Delivery);
        writer.UInt64(Message);
        writer.Byte((byte)Hop);
        writer.Bytes(Destination);
        writer.UInt16(Port);
        writer.Bytes(Sender);
        writer.Bytes(EnvelopeId);
        writer.Byte((byte)Return);
        writer.Byte((byte)Body);
        writer.Byte((byte)Handling);
        writer.UInt64(Size);
    }

    public static bool TryRead(ref FrameReader reader, out DeliveryStartFrame frame)
    {
        frame = new DeliveryStartFrame
        {
            Delivery = reader.UInt32(),
            Message = reader.UInt64(),
            Hop = (HopKind)reader.ByteUpTo((byte)HopKind.TlsHost),
            Destination = reader.Bytes(DeliveryLimits.MaxDestination),
            Port = reader.UInt16(),
            Sender = reader.Bytes(AddressLimits.MaxAddress),
            EnvelopeId = reader.Bytes(AddressLimits.MaxEnvelopeId),
            Return = (ReturnContent)reader.ByteUpTo((byte)ReturnContent.Headers),
            Body = (BodyType)reader.ByteUpTo((byte)BodyType.EightBitMime),
            Handling = (Handling)reader.ByteUpTo(DeliveryRequests.MaxHandling),
            Size = reader.UInt64(),
        };
        return reader.End();
    }
}
