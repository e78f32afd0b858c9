using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Queue.Records;
using Postern.Queue.Table;
using Postern.Spool;

namespace Postern.Queue.Notices;

/// <summary>A notification that is being composed, and then the message that it becomes.</summary>
internal sealed class Notice(NoticeDesk desk, Payment payment, MessageId id, byte[] to, bool lastResort, Handling handling) : ICommitted
{
    /// <summary>A notification is a few kilobytes and a header; what is larger was not composed by our bounce.</summary>
    internal const int MaxSize = 2 * 1024 * 1024;

    /// <summary>Pieces of its text: more than it takes by far. Arbitrary.</summary>
    private const int MaxPieces = 1024;

    private readonly List<RecordPosition> _chunks = new(1);
    private long _size;
    private bool _isEightBit;

    /// <summary>What it pays.</summary>
    internal Payment Payment => payment;

    /// <summary>Its own id.</summary>
    internal MessageId Id => id;

    /// <inheritdoc/>
    public uint? FirstSection => _chunks.Count > 0 ? _chunks[0].Section : null;

    /// <summary>Takes a piece of its text; a refusal of the log is the second value.</summary>
    internal (bool Good, LogResult Refusal) Take(QueueCore core, ReadOnlySpan<byte> content)
    {
        _size += content.Length;
        if (_size > MaxSize || content.IsEmpty || _chunks.Count == MaxPieces)
        {
            return (false, LogResult.Success);
        }

        if (core.Log.AppendContent(id, content, out var position) is not LogResult.Success and var refusal)
        {
            return (true, refusal);
        }

        _isEightBit |= !System.Text.Ascii.IsValid(content);
        _chunks.Add(position);
        return (true, LogResult.Success);
    }

    /// <inheritdoc/>
    public LogResult Append(QueueCore core, ByteQueue scratch, out RecordPosition position)
    {
        var writer = FrameWriter.Fields(scratch);
        new EnvelopeHead
        {
            Message = id.Value,
            Cause = EnvelopeCause.Notice,
            CauseMessage = payment.Id,
            CauseDetail = (uint)payment.Kind,
            Arrived = core.Now,
            Size = _size,
            Marks = (byte)(lastResort ? MessageMarks.LastResort : MessageMarks.None),
            Protocol = MailProtocol.Internal,
            Return = ReturnContent.Unspecified,
            // Declared only where it is so: a server without 8BITMIME would be out of reach of every notification.
            Body = _isEightBit ? BodyType.EightBitMime : BodyType.SevenBit,
            Handling = handling | (System.Text.Ascii.IsValid(to) ? Handling.None : Handling.SmtpUtf8),
            Client = [],
            Sender = [],
            EnvelopeId = [],
        }.Write(writer);
        EnvelopeTail.Write(writer, payment.Numbers, _chunks, 1, EncodedRecipient());
        var result = core.Log.AppendEnvelope(scratch.Span, out position);
        if (result == LogResult.Success)
        {
            desk.Settle(payment);
        }

        return result;
    }

    /// <inheritdoc/>
    public void Refused(QueueCore core, LogResult refusal) => desk.Retry(payment);

    /// <inheritdoc/>
    public void Committed(QueueCore core, int index) =>
        core.Events.Info("notified").Word("id", new MessageId(payment.Id).ToString())
            .Word("notice", id.ToString()).Word("kind", payment.Kind.ToString()).Quoted("to", to).Number("rcpts", payment.Items.Count).Write();

    private ReadOnlySpan<byte> EncodedRecipient()
    {
        var encoded = new ByteQueue();
        new StoredRecipient { Address = to, Original = [], Notify = (ushort)NotifyOn.Unspecified, Standing = default }
            .Write(FrameWriter.Fields(encoded));
        return encoded.Span;
    }
}
