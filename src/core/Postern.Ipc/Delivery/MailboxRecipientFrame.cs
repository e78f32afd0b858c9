using Postern.Ipc.Directory;
using Postern.Ipc.Wire;

namespace Postern.Ipc.Delivery;

/// <summary>local → deliver: one recipient of the attempt, and the mailbox that its copy goes to.</summary>
public readonly ref struct MailboxRecipientFrame : IFrame<MailboxRecipientFrame>
{
    public static ushort Type => 35;

    /// <summary>The sender's number for this attempt.</summary>
    public required uint Delivery { get; init; }

    /// <summary>Its number within the attempt.</summary>
    public required uint Recipient { get; init; }

    /// <summary>Whose mailbox.</summary>
    public required MailboxKind Kind { get; init; }

    /// <summary>The folder of a virtual mailbox below the root, as domain/user; empty for the other kinds.</summary>
    public required ReadOnlySpan<byte> Folder { get; init; }

    /// <summary>The address, as it is to stand in Delivered-To.</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Delivery);
        writer.UInt32(Recipient);
        writer.Byte((byte)Kind);
        writer.Bytes(Folder);
        writer.Bytes(Address);
    }

    public static bool TryRead(ref FrameReader reader, out MailboxRecipientFrame frame)
    {
        frame = new MailboxRecipientFrame
        {
            Delivery = reader.UInt32(),
            Recipient = reader.UInt32(),
            Kind = (MailboxKind)reader.ByteUpTo((byte)MailboxKind.Postmaster),
            Folder = reader.Bytes(DeliveryLimits.MaxDestination),
            Address = reader.Bytes(AddressLimits.MaxAddress),
        };
        return reader.End();
    }
}
