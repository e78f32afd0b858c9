using Postern.Ipc.Submission;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Queue.Records;
using Postern.Spool;

namespace Postern.Queue.Intake;

/// <summary>A message that is coming in: its content goes to the log piece by piece, its envelope waits here for the commit.</summary>
internal sealed class IncomingMessage
{
    /// <summary>Seconds that a message may be held back at the most, whoever asks for it: the most that can be configured.</summary>
    private const long MaxHold = 366 * 86_400;

    private readonly ByteQueue _recipients = new(firstSize: 128); // One recipient, as a rule.
    private List<RecordPosition> _chunks = new(1);
    private byte[] _sender = [];
    private byte[] _envelopeId = [];
    private byte[] _client = [];
    private ReturnContent _return;
    private BodyType _body;
    private MailProtocol _protocol;
    private Handling _handling;
    private RecipientStanding _standing;
    private bool _hasSender;
    private int _recipientBytes;

    internal IncomingMessage(MessageId id) => Id = id;

    /// <summary>The id that was issued for it.</summary>
    internal MessageId Id { get; }

    /// <summary>Bytes of content so far.</summary>
    internal long Size { get; private set; }

    /// <summary>Recipients so far.</summary>
    internal int Recipients { get; private set; }

    /// <summary>Bytes of memory that it takes until its commit: what it has in its recipients and in the places of its pieces.</summary>
    internal int Weight => _recipientBytes + (sizeof(ulong) * _chunks.Count);

    /// <summary>Bytes of the log that its content takes.</summary>
    internal long LogBytes => Size + ((long)Table.QueueTable.BytesPerPiece * _chunks.Count);

    /// <summary>Why it will be refused; once set, what follows is only counted.</summary>
    internal SubmissionOutcome? Refusal { get; set; }

    /// <summary>True when it may be committed: a sender, a recipient at least.</summary>
    internal bool IsComplete => _hasSender && Recipients > 0;

    /// <summary>The oldest section that its content is in; nothing of it may be recycled meanwhile.</summary>
    internal uint? FirstSection => _chunks.Count > 0 ? _chunks[0].Section : null;

    /// <summary>The sender, for fair turns.</summary>
    internal ReadOnlySpan<byte> Sender => _sender;

    /// <summary>Takes the envelope's head; false for a second one, or one that is none.</summary>
    internal bool Take(scoped in SenderFrame frame, long now)
    {
        if (_hasSender || frame.Client.Length is not (0 or 16) || !IsPlain(frame.EnvelopeId)
            || !(frame.Address.IsEmpty || Mailbox.IsValid(frame.Address, allowUtf8: true)))
        {
            return false;
        }

        _hasSender = true;
        _sender = frame.Address.ToArray();
        _envelopeId = frame.EnvelopeId.ToArray();
        _client = frame.Client.ToArray();
        (_return, _body, _protocol, _handling) = (frame.Return, frame.Body, frame.Protocol, frame.Handling);
        _standing = frame.Release == 0 ? default : _standing with { State = RecipientState.Deferred, NextAttempt = (uint)Math.Min(frame.Release, now + MaxHold) };
        return true;
    }

    /// <summary>Takes a recipient; false when it is none, one too many, or before the head, which says from when on he is tried.</summary>
    internal bool Take(scoped in RecipientFrame frame)
    {
        if (!_hasSender || !Mailbox.IsValid(frame.Address, allowUtf8: true) || !IsPlain(frame.Original)
            || frame.Notify > byte.MaxValue || !DeliveryRequests.IsValid((NotifyOn)frame.Notify))
        {
            return false;
        }

        if (Refusal is null)
        {
            new StoredRecipient { Address = frame.Address, Original = frame.Original, Notify = frame.Notify, Standing = _standing }
                .Write(FrameWriter.Fields(_recipients));
            _recipientBytes += frame.Address.Length + frame.Original.Length + AddressLimits.RecipientOverhead;
            RefuseIfTooLarge();
        }

        return ++Recipients <= AddressLimits.MaxRecipients;
    }

    /// <summary>Notes where a piece of content went.</summary>
    internal void Add(RecordPosition chunk, int length)
    {
        _chunks.Add(chunk);
        Size += length;
        RefuseIfTooLarge();
    }

    /// <summary>Has its pieces written anew, further along the log; false, and nothing changed, when there was no room.</summary>
    internal bool Move(QueueLog log)
    {
        if (log.CopyContent(Id, _chunks, LogBytes) is { } copies)
        {
            _chunks = copies;
            return true;
        }

        return false;
    }

    /// <summary>Counts content that was not stored.</summary>
    internal void Skip(int length) => Size += length;

    private void RefuseIfTooLarge()
    {
        if (_recipientBytes > AddressLimits.MaxRecipientBytes || !EnvelopeTail.Fits(_chunks.Count, _recipientBytes))
        {
            Refusal = SubmissionOutcome.TooLarge;
        }
    }

    /// <summary>Without control bytes: it will stand in lines that others write.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> text) => !text.ContainsAnyInRange<byte>(0, 0x1f);

    /// <summary>Writes the envelope record's payload.</summary>
    internal void WriteEnvelope(ByteQueue record, long arrived)
    {
        var writer = FrameWriter.Fields(record);
        new EnvelopeHead
        {
            Message = Id.Value,
            Cause = EnvelopeCause.Submitted,
            CauseMessage = 0,
            CauseDetail = (uint)Math.Max(0, _standing.NextAttempt - arrived),
            Arrived = arrived,
            Size = Size,
            Marks = 0,
            Protocol = _protocol,
            Return = _return,
            Body = _body,
            Handling = _handling,
            Client = _client,
            Sender = _sender,
            EnvelopeId = _envelopeId,
        }.Write(writer);
        EnvelopeTail.Write(writer, [], _chunks, Recipients, _recipients.Span);
    }
}
