using Postern.Ipc.Delivery;
using Postern.Ipc.Wire;
using Postern.Mail;
using Postern.Spool;

namespace Postern.CommandLine.Offline;

/// <summary>Why an envelope record was written.</summary>
internal enum StoredCause
{
    /// <summary>Somebody sent the message.</summary>
    Submitted = 0,

    /// <summary>It takes the place of a recipient that was an alias.</summary>
    Expansion = 1,

    /// <summary>It is a notification that was owed.</summary>
    Notice = 2,

    /// <summary>It is the same message, written anew.</summary>
    Moved = 3,
}

/// <summary>A message as an envelope record describes it (docs/queue-format.md), read without the queue's own code.</summary>
internal sealed record StoredMessage
{
    private const int MaxCleared = ushort.MaxValue;
    private const int MaxChunks = 64 * 1024;
    private const int MaxRecipients = 10_000;

    /// <summary>Its id.</summary>
    internal required MessageId Id { get; init; }

    /// <summary>Why the record was written.</summary>
    internal required StoredCause Cause { get; init; }

    /// <summary>The message that is the cause, and its recipient.</summary>
    internal required (ulong Message, uint Recipient) CausedBy { get; init; }

    /// <summary>When it arrived, in Unix seconds.</summary>
    internal required long Arrived { get; init; }

    /// <summary>Bytes of content.</summary>
    internal required long Size { get; init; }

    /// <summary>The sender; empty is the null sender.</summary>
    internal required byte[] Sender { get; init; }

    /// <summary>Where its content is, in order.</summary>
    internal required RecordPosition[] Chunks { get; init; }

    /// <summary>Its recipients' addresses.</summary>
    internal required byte[][] Recipients { get; init; }

    /// <summary>For each recipient whether something is left to do.</summary>
    internal required bool[] Open { get; init; }

    /// <summary>Reads an envelope record; false when it is none.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> payload, out StoredMessage message)
    {
        var reader = new FrameReader(payload);
        var id = reader.UInt64();
        var cause = (StoredCause)reader.ByteUpTo((byte)StoredCause.Moved);
        var causedBy = (reader.UInt64(), reader.UInt32());
        var (arrived, size) = (reader.Int64(), reader.Int64());
        // Marks, protocol, RET, BODY, SMTPUTF8: of no use to who only looks or rescues.
        _ = reader.Next(5);
        _ = reader.Bytes(16);
        var sender = reader.Bytes(AddressLimits.MaxAddress).ToArray();
        _ = reader.Bytes(AddressLimits.MaxEnvelopeId);
        _ = reader.Next(sizeof(uint) * reader.Count(MaxCleared));
        var chunks = new RecordPosition[reader.Count(MaxChunks)];
        for (var i = 0; i < chunks.Length; i++)
        {
            chunks[i] = new RecordPosition(reader.UInt32(), reader.UInt32());
        }

        var recipients = new byte[reader.Count(MaxRecipients)][];
        var open = new bool[recipients.Length];
        for (var i = 0; i < recipients.Length; i++)
        {
            recipients[i] = reader.Bytes(AddressLimits.MaxAddress).ToArray();
            _ = reader.Bytes(AddressLimits.MaxOriginalRecipient);
            _ = reader.UInt16();
            open[i] = ReadStanding(ref reader);
        }

        message = new StoredMessage
        {
            Id = new MessageId(id),
            Cause = cause,
            CausedBy = causedBy,
            Arrived = arrived,
            Size = size,
            Sender = sender,
            Chunks = chunks,
            Recipients = recipients,
            Open = open,
        };
        return reader.End();
    }

    /// <summary>Reads a result record; false when it is none.</summary>
    internal static bool TryReadResult(ReadOnlySpan<byte> payload, out ulong message, out uint recipient, out bool open)
    {
        var reader = new FrameReader(payload);
        message = reader.UInt64();
        recipient = reader.UInt32();
        open = ReadStanding(ref reader);
        // What is owed and the status.
        _ = reader.Next(6);
        _ = reader.Bytes(DeliveryLimits.MaxHost);
        _ = reader.Bytes(DeliveryLimits.MaxText);
        return reader.End();
    }

    /// <summary>Reads how a recipient stands: states 0 and 1 wait for an attempt, 2 is done, 3 is owed a notification.</summary>
    private static bool ReadStanding(ref FrameReader reader)
    {
        var state = reader.ByteUpTo(3);
        // Held, two marks of aliases, attempts, next attempt.
        _ = reader.Next(9);
        return state < 2;
    }
}
