using Postern.Ipc.Wire;
using Postern.Mail;

namespace Postern.Queue.Records;

/// <summary>Why a message exists besides that somebody sent it.</summary>
internal enum EnvelopeCause
{
    /// <summary>Somebody sent it.</summary>
    Submitted = 0,

    /// <summary>It takes the place of a recipient that was an alias.</summary>
    Expansion = 1,

    /// <summary>It is a notification that was owed.</summary>
    Notice = 2,

    /// <summary>It is the same message, written anew further along the log.</summary>
    Moved = 3,
}

/// <summary>The fields of an envelope record but for its chunks and recipients; see docs/queue-format.md.</summary>
internal readonly ref struct EnvelopeHead
{
    /// <summary>The message.</summary>
    internal required ulong Message { get; init; }

    /// <summary>Why it exists.</summary>
    internal required EnvelopeCause Cause { get; init; }

    /// <summary>The message that is the cause: expanded, or reported on.</summary>
    internal required ulong CauseMessage { get; init; }

    /// <summary>The expanded recipient; for a notice what it reports; where nothing is the cause, <see cref="Hold"/>.</summary>
    internal required uint CauseDetail { get; init; }

    /// <summary>For how many seconds after its arrival it was to be held back (RFC 4865): its time counts from then on.</summary>
    internal uint Hold => CauseMessage == 0 ? CauseDetail : 0;

    /// <summary>When it arrived, in Unix seconds.</summary>
    internal required long Arrived { get; init; }

    /// <summary>Bytes of content.</summary>
    internal required long Size { get; init; }

    /// <summary>Marks that outlive a move.</summary>
    internal required byte Marks { get; init; }

    /// <summary>What it came in by.</summary>
    internal required MailProtocol Protocol { get; init; }

    /// <summary>RET.</summary>
    internal required ReturnContent Return { get; init; }

    /// <summary>BODY.</summary>
    internal required BodyType Body { get; init; }

    /// <summary>How it asks to be carried.</summary>
    internal required Handling Handling { get; init; }

    /// <summary>The client's address, or empty.</summary>
    internal required ReadOnlySpan<byte> Client { get; init; }

    /// <summary>The sender; empty is the null sender.</summary>
    internal required ReadOnlySpan<byte> Sender { get; init; }

    /// <summary>ENVID, or empty.</summary>
    internal required ReadOnlySpan<byte> EnvelopeId { get; init; }

    /// <summary>True for values that the table has room for. Others would end each start.</summary>
    internal bool IsPlausible => Message != 0 && Arrived is >= 0 and <= uint.MaxValue && Arrived + Hold <= uint.MaxValue && Size is >= 0 and <= EnvelopeTail.MaxSize;

    internal void Write(in FrameWriter writer)
    {
        writer.UInt64(Message);
        writer.Byte((byte)Cause);
        writer.UInt64(CauseMessage);
        writer.UInt32(CauseDetail);
        writer.Int64(Arrived);
        writer.Int64(Size);
        writer.Byte(Marks);
        writer.Byte((byte)Protocol);
        writer.Byte((byte)Return);
        writer.Byte((byte)Body);
        writer.Byte((byte)Handling);
        writer.Bytes(Client);
        writer.Bytes(Sender);
        writer.Bytes(EnvelopeId);
    }

    /// <summary>Begins to read an envelope record.</summary>
    /// <param name="payload">The record's payload; <paramref name="recipients"/> goes on in it.</param>
    /// <param name="tail">What stands behind the head.</param>
    /// <param name="recipients">The recipients, one <see cref="StoredRecipient"/> after the other.</param>
    internal static EnvelopeHead Open(ReadOnlySpan<byte> payload, out EnvelopeTail tail, out FrameReader recipients)
    {
        var reader = new FrameReader(payload);
        var head = Read(ref reader);
        tail = EnvelopeTail.Read(ref reader);
        recipients = reader;
        return head;
    }

    /// <summary>True when a payload is a whole envelope that the table has room for.</summary>
    internal static bool IsWhole(ReadOnlySpan<byte> payload)
    {
        var head = Open(payload, out var tail, out var recipients);
        for (var number = 0; number < tail.Recipients; number++)
        {
            _ = StoredRecipient.Read(ref recipients);
        }

        return head.IsPlausible && recipients.End();
    }

    private static EnvelopeHead Read(scoped ref FrameReader reader) => new()
    {
        Message = reader.UInt64(),
        Cause = (EnvelopeCause)reader.ByteUpTo((byte)EnvelopeCause.Moved),
        CauseMessage = reader.UInt64(),
        CauseDetail = reader.UInt32(),
        Arrived = reader.Int64(),
        Size = reader.Int64(),
        Marks = reader.Byte(),
        Protocol = (MailProtocol)reader.ByteUpTo((byte)MailProtocol.Internal),
        Return = (ReturnContent)reader.ByteUpTo((byte)ReturnContent.Headers),
        Body = (BodyType)reader.ByteUpTo((byte)BodyType.EightBitMime),
        Handling = (Handling)reader.ByteUpTo(DeliveryRequests.MaxHandling),
        Client = reader.Bytes(16),
        Sender = reader.Bytes(AddressLimits.MaxAddress),
        EnvelopeId = reader.Bytes(AddressLimits.MaxEnvelopeId),
    };
}

/// <summary>One recipient in an envelope record, with how it stood when the record was written.</summary>
internal readonly ref struct StoredRecipient
{
    /// <summary>The address.</summary>
    internal required ReadOnlySpan<byte> Address { get; init; }

    /// <summary>ORCPT, or empty.</summary>
    internal required ReadOnlySpan<byte> Original { get; init; }

    /// <summary>The flags of NOTIFY.</summary>
    internal required ushort Notify { get; init; }

    /// <summary>How it stands.</summary>
    internal required RecipientStanding Standing { get; init; }

    internal void Write(in FrameWriter writer)
    {
        writer.Bytes(Address);
        writer.Bytes(Original);
        writer.UInt16(Notify);
        Standing.Write(writer);
    }

    internal static StoredRecipient Read(scoped ref FrameReader reader) => new()
    {
        Address = reader.Bytes(AddressLimits.MaxAddress),
        Original = reader.Bytes(AddressLimits.MaxOriginalRecipient),
        Notify = reader.UInt16(),
        Standing = RecipientStanding.Read(ref reader),
    };
}
