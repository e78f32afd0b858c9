using Postern.Ipc.Wire;
using Postern.Mail;

namespace Postern.Ipc.Submission;

/// <summary>smtpd → queue: the envelope but for its recipients.</summary>
public readonly ref struct SenderFrame : IFrame<SenderFrame>
{
    public static ushort Type => 11;

    /// <summary>The sender's number for this message while it is under way.</summary>
    public required uint Transaction { get; init; }

    /// <summary>The sender as it goes on the wire; empty is the null sender.</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    /// <summary>ENVID in xtext, or empty (RFC 3461 §4.4).</summary>
    public required ReadOnlySpan<byte> EnvelopeId { get; init; }

    /// <summary>RET (RFC 3461 §4.3).</summary>
    public required ReturnContent Return { get; init; }

    /// <summary>BODY (RFC 6152).</summary>
    public required BodyType Body { get; init; }

    /// <summary>How it asks to be carried.</summary>
    public required Handling Handling { get; init; }

    /// <summary>What it came in by.</summary>
    public required MailProtocol Protocol { get; init; }

    /// <summary>When it may be tried first, in Unix seconds; 0 is at once (RFC 4865).</summary>
    public required uint Release { get; init; }

    /// <summary>The client's address, 16 bytes; empty for a local submission.</summary>
    public required ReadOnlySpan<byte> Client { get; init; }

    public void Write(scoped in FrameWriter writer)
    {
        writer.UInt32(Transaction);
        writer.Bytes(Address);
        writer.Bytes(EnvelopeId);
        writer.Byte((byte)Return);
        writer.Byte((byte)Body);
        writer.Byte((byte)Handling);
        writer.Byte((byte)Protocol);
        writer.UInt32(Release);
        writer.Bytes(Client);
    }

    public static bool TryRead(ref FrameReader reader, out SenderFrame frame)
    {
        frame = new SenderFrame
        {
            Transaction = reader.UInt32(),
            Address = reader.Bytes(AddressLimits.MaxAddress),
            EnvelopeId = reader.Bytes(AddressLimits.MaxEnvelopeId),
            Return = (ReturnContent)reader.ByteUpTo((byte)ReturnContent.Headers),
            Body = (BodyType)reader.ByteUpTo((byte)BodyType.EightBitMime),
            Handling = (Handling)reader.ByteUpTo(DeliveryRequests.MaxHandling),
            Protocol = (MailProtocol)reader.ByteUpTo((byte)MailProtocol.Internal),
            Release = reader.UInt32(),
            Client = reader.Bytes(16),
        };
        return reader.End();
    }
}
