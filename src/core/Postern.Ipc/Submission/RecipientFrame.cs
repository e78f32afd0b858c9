using Postern.Ipc.Wire;

namespace Postern.Ipc.Submission;

/// <summary>smtpd → queue: one recipient of the message.</summary>
public readonly ref struct RecipientFrame : IFrame<RecipientFrame>
{
    public static ushort Type => 12;

    /// <summary>The sender's number for this message while it is under way.</summary>
    public required uint Transaction { get; init; }

    /// <summary>The recipient as it goes on the wire.</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    /// <summary>ORCPT as given, or empty (RFC 3461 §4.2).</summary>
    public required ReadOnlySpan<byte> Original { get; init; }

    /// <summary>The flags of NOTIFY (RFC 3461 §4.1).</summary>
    public required ushort Notify { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Transaction);
        writer.Bytes(Address);
        writer.Bytes(Original);
        writer.UInt16(Notify);
    }

    public static bool TryRead(ref FrameReader reader, out RecipientFrame frame)
    {
        frame = new RecipientFrame
        {
            Transaction = reader.UInt32(),
            Address = reader.Bytes(AddressLimits.MaxAddress),
            Original = reader.Bytes(AddressLimits.MaxOriginalRecipient),
            Notify = reader.UInt16(),
        };
        return reader.End();
    }
}
