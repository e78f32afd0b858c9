using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Spool;

namespace Postern.Queue.Records;

/// <summary>Writes a message's envelope record as it would be written now: for a move, and for a checkpoint.</summary>
internal sealed class MessageImage(QueueCore core)
{
    private readonly ByteQueue _recipients = new();

    /// <summary>Writes the payload with the recipients' present standing.</summary>
    /// <param name="message">The message's index.</param>
    /// <param name="moved">Where its content goes, given where it was; null leaves it. A null result means: no room.</param>
    /// <param name="payload">Gets the payload.</param>
    /// <returns>False when the content could not be moved.</returns>
    internal bool TryWrite(int message, Func<ulong, RecordPosition[], List<RecordPosition>?>? moved, ByteQueue payload)
    {
        ref var entry = ref core.Table.Messages[message];
        var head = EnvelopeHead.Open(core.Log.ReadEnvelope(entry.Envelope), out var tail, out var reader);
        for (var number = 0; number < tail.Recipients; number++)
        {
            var stored = StoredRecipient.Read(ref reader);
            (stored with { Standing = core.Table.Recipients[entry.FirstRecipient + number].Standing }).Write(FrameWriter.Fields(_recipients));
        }

        var chunks = moved is null ? [.. tail.Chunks] : moved(head.Message, tail.Chunks);
        if (chunks is not null)
        {
            var writer = FrameWriter.Fields(payload);
            (head with { Cause = EnvelopeCause.Moved, Arrived = Math.Max(0, (long)entry.Arrived - head.Hold), Marks = (byte)entry.Marks }).Write(writer);
            EnvelopeTail.Write(writer, [], chunks, tail.Recipients, _recipients.Span);
        }

        _recipients.Consume(_recipients.Length);
        return chunks is not null;
    }
}
