using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Queue.Records;
using Postern.Spool;

namespace Postern.Queue.Delivery;

/// <summary>An envelope record that was read, and where in it each recipient stands.</summary>
/// <remarks>
/// A mailing to many domains is one message and an attempt for each of them. If each read and looked through the whole record,
/// that would take the square of its recipients.
/// </remarks>
internal sealed class OpenEnvelope
{
    private readonly ByteQueue _record = new();
    private readonly List<int> _places = [];

    // Ids are given once, and what a record says does not change: whatever is written where it stood, this is still it.
    private (ulong Message, RecordPosition Position) _of;

    /// <summary>The records of the message's content.</summary>
    internal RecordPosition[] Chunks { get; private set; } = [];

    /// <summary>The fields before the recipients.</summary>
    internal EnvelopeHead Head => EnvelopeHead.Open(_record.Span, out _, out _);

    /// <summary>A recipient by its number within the message.</summary>
    internal StoredRecipient Recipient(int number)
    {
        var reader = new FrameReader(_record.Span[_places[number]..]);
        return StoredRecipient.Read(ref reader);
    }

    /// <summary>Reads the envelope of a message, unless it is the one that was read last.</summary>
    internal void Read(QueueLog log, in Table.MessageEntry message)
    {
        if (_of != (message.Id, message.Envelope))
        {
            _record.Consume(_record.Length);
            _places.Clear();
            _record.Append(log.ReadEnvelope(message.Envelope));
            _ = EnvelopeHead.Open(_record.Span, out var tail, out var reader);
            while (_places.Count < tail.Recipients)
            {
                _places.Add(_record.Length - reader.Left);
                _ = StoredRecipient.Read(ref reader);
            }

            (Chunks, _of) = (tail.Chunks, (message.Id, message.Envelope));
        }
    }
}
