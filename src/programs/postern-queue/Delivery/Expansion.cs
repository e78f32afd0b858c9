using Postern.Ipc.Notices;
using Postern.Ipc.Wire;
using Postern.Loop;
using Postern.Mail;
using Postern.Queue.Records;
using Postern.Spool;

namespace Postern.Queue.Delivery;

/// <summary>The message that takes the place of a recipient that was an alias: same content, its targets as recipients.</summary>
internal sealed class Expansion(Outcomes outcomes, int message, AttemptResult result) : ICommitted
{
    private readonly ByteQueue _recipients = new();

    /// <inheritdoc/>
    public uint? FirstSegment => null; // The content belongs to the message that is expanded, which is still in the table.

    /// <inheritdoc/>
    public AppendRefusal? Append(QueueCore core, ByteQueue scratch, out RecordPosition position)
    {
        ref var entry = ref core.Table.Messages[message];
        var reader = new FrameReader(core.Log.ReadEnvelope(entry.Envelope));
        var head = EnvelopeHead.Read(ref reader);
        var tail = EnvelopeTail.Read(ref reader);
        EncodeTargets(Find(ref reader, core.Table.Recipients[result.Recipient].Number));
        var writer = FrameWriter.Fields(scratch);
        (head with
        {
            Message = core.IssueId().Value,
            Cause = EnvelopeCause.Expansion,
            CauseMessage = head.Message,
            CauseDetail = (uint)core.Table.Recipients[result.Recipient].Number,
            Marks = (byte)(entry.Marks & Table.MessageMarks.LastResort),
        }).Write(writer);
        EnvelopeTail.Write(writer, [], [.. tail.Chunks], result.Targets!.Count, _recipients.Span);
        return core.Log.AppendEnvelope(scratch.Span, out position);
    }

    /// <inheritdoc/>
    public void Refused(QueueCore core, AppendRefusal refusal)
    {
        core.Table.Recipients[result.Recipient].Active = false;
        outcomes.Defer(message, result with
        {
            Outcome = DeliveryOutcome.Temporary,
            Status = 4_003_001,
            Text = "no room to expand the alias"u8.ToArray(),
        });
    }

    /// <inheritdoc/>
    public void Committed(QueueCore core, int index)
    {
        core.Table.Recipients[result.Recipient].Active = false;
        if (result.Targets![0].List)
        {
            outcomes.Finish(message, result, NoticeAction.Expanded);
        }
        else
        {
            core.Table.Finish(message, result.Recipient);
        }

        core.RemoveIfFinished(message);
    }

    /// <summary>
    /// A single alias passes the sender's request on; a list takes it over: success was reported for the list, delays are
    /// not the sender's concern, and a failure still is as long as the list has no owner (RFC 3461 §5.2.7).
    /// </summary>
    private void EncodeTargets(scoped in StoredRecipient alias)
    {
        var writer = FrameWriter.Fields(_recipients);
        foreach (var target in result.Targets!)
        {
            new StoredRecipient
            {
                Address = target.Address,
                Original = alias.Original,
                Notify = target.List ? (ushort)((NotifyOn)alias.Notify == NotifyOn.Never ? NotifyOn.Never : NotifyOn.Failure) : alias.Notify,
                Standing = new RecipientStanding(RecipientState.Ready, Held: false, Final: true, target.List, 0, 0),
            }.Write(writer);
        }
    }

    private static StoredRecipient Find(ref FrameReader reader, int number)
    {
        for (var skipped = 0; skipped < number; skipped++)
        {
            _ = StoredRecipient.Read(ref reader);
        }

        return StoredRecipient.Read(ref reader);
    }
}
