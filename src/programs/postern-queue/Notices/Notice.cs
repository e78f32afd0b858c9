using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Queue.Records;
using Postern.Queue.Table;
using Postern.Spool;

namespace Postern.Queue.Notices;

/// <summary>A notification that is being composed, and then the message that it becomes.</summary>
internal sealed class Notice(NoticeDesk desk, int message, MessageId id, byte[] to, bool lastResort, List<OwedNotice> items) : ICommitted
{
    /// <summary>A notification is a few kilobytes and a header; what is larger was not composed by our bounce.</summary>
    private const int MaxSize = 2 * 1024 * 1024;

    private readonly List<RecordPosition> _chunks = new(1);
    private long _size;

    /// <summary>The message that it is about.</summary>
    internal int Message => message;

    /// <summary>Its own id.</summary>
    internal MessageId Id => id;

    /// <inheritdoc/>
    public uint? FirstSegment => _chunks.Count > 0 ? _chunks[0].Segment : null;

    /// <summary>Takes a piece of its text; a refusal of the log is the second value.</summary>
    internal (bool Good, AppendRefusal? Refusal) Take(QueueCore core, ReadOnlySpan<byte> content)
    {
        _size += content.Length;
        if (_size > MaxSize)
        {
            return (false, null);
        }

        if (core.Log.AppendContent(id, content, out var position) is { } refusal)
        {
            return (true, refusal);
        }

        _chunks.Add(position);
        return (true, null);
    }

    /// <inheritdoc/>
    public AppendRefusal? Append(QueueCore core, ByteQueue scratch, out RecordPosition position)
    {
        var writer = FrameWriter.Fields(scratch);
        new EnvelopeHead
        {
            Message = id.Value,
            Cause = EnvelopeCause.Notice,
            CauseMessage = core.Table.Messages[message].Id,
            CauseDetail = 0,
            Arrived = core.Now,
            Size = _size,
            Marks = (byte)(lastResort ? MessageMarks.LastResort : MessageMarks.None),
            Protocol = MailProtocol.Internal,
            Return = ReturnContent.Unspecified,
            Body = BodyType.EightBitMime,
            SmtpUtf8 = to.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)0x7f),
            Client = [],
            Sender = [],
            EnvelopeId = [],
        }.Write(writer);
        uint[] cleared = [.. items.Select(item => (uint)core.Table.Recipients[item.Recipient].Number)];
        EnvelopeTail.Write(writer, cleared, _chunks, 1, EncodedRecipient());
        return core.Log.AppendEnvelope(scratch.Span, out position);
    }

    /// <inheritdoc/>
    public void Refused(QueueCore core, AppendRefusal refusal) => desk.Retry(message);

    /// <inheritdoc/>
    public void Committed(QueueCore core, int index)
    {
        core.Events.Info("notified").Word("id", new MessageId(core.Table.Messages[message].Id).ToString())
            .Word("notice", id.ToString()).Quoted("to", to).Number("rcpts", items.Count).Write();
        desk.Settle(message, items);
    }

    private ReadOnlySpan<byte> EncodedRecipient()
    {
        var encoded = new ByteQueue();
        new StoredRecipient { Address = to, Original = [], Notify = (ushort)NotifyOn.Unspecified, Standing = default }
            .Write(FrameWriter.Fields(encoded));
        return encoded.Span;
    }
}
