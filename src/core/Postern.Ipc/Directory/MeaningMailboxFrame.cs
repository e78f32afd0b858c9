using Postern.Ipc.Delivery;
using Postern.Ipc.Wire;

namespace Postern.Ipc.Directory;

/// <summary>directory → local: into this mailbox.</summary>
public readonly ref struct MeaningMailboxFrame : IFrame<MeaningMailboxFrame>
{
    public static ushort Type => 63;

    /// <summary>Echoed in every answer.</summary>
    public required uint Question { get; init; }

    /// <summary>Whose it is.</summary>
    public required MailboxKind Kind { get; init; }

    /// <summary>The system user; empty for a virtual mailbox.</summary>
    public required string User { get; init; }

    /// <summary>The folder of a virtual mailbox below the root, as domain/user.</summary>
    public required ReadOnlySpan<byte> Folder { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Question);
        writer.Byte((byte)Kind);
        writer.Text(User);
        writer.Bytes(Folder);
    }

    public static bool TryRead(ref FrameReader reader, out MeaningMailboxFrame frame)
    {
        frame = new MeaningMailboxFrame
        {
            Question = reader.UInt32(),
            Kind = (MailboxKind)reader.ByteUpTo((byte)MailboxKind.Postmaster),
            User = reader.Text(Control.ControlPacket.MaxUser),
            Folder = reader.Bytes(DeliveryLimits.MaxDestination),
        };
        return reader.End();
    }
}
