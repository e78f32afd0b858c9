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
    private ulong _parent;

    /// <summary>True when so many targets fit one record with the pieces of the content, if need be without ORCPT.</summary>
    internal static bool Fits(QueueCore core, int message, List<ExpansionTarget> targets)
    {
        _ = EnvelopeHead.Open(core.Log.ReadEnvelope(core.Table.Messages[message].Envelope), out var tail, out _);
        return Fits(targets, 0, tail.Chunks.Length);
    }

    /// <inheritdoc/>
    public uint? FirstSection { get; private set; } // Before it is appended its content is that of a message in the table.

    /// <inheritdoc/>
    public LogResult Append(QueueCore core, ByteQueue scratch, out RecordPosition position)
    {
        ref var entry = ref core.Table.Messages[message];
        var envelope = new OpenEnvelope();
        envelope.Read(core.Log, entry);
        EncodeTargets(envelope.Recipient(core.Table.Recipients[result.Recipient].Number), envelope.Chunks.Length, core.Table.Recipients[result.Recipient].Held);
        var writer = FrameWriter.Fields(scratch);
        (envelope.Head with
        {
            Message = core.IssueId().Value,
            Cause = EnvelopeCause.Expansion,
            CauseMessage = entry.Id,
            CauseDetail = (uint)core.Table.Recipients[result.Recipient].Number,
            Arrived = entry.Arrived, // Not as the record has it: the clock may have been set since.
            Marks = (byte)(entry.Marks & Table.MessageMarks.LastResort),
        }).Write(writer);
        EnvelopeTail.Write(writer, [], [.. envelope.Chunks], result.Targets!.Count, _recipients.Span);
        if (core.Log.AppendEnvelope(scratch.Span, out position) is not LogResult.Success and var refusal)
        {
            return refusal;
        }

        // From now on the two go their own ways: the other one may be moved.
        FirstSection = envelope.Chunks.Length > 0 ? envelope.Chunks[0].Section : null;
        _parent = entry.Id;
        outcomes.TakeExpanded(message, result);
        return LogResult.Success;
    }

    /// <inheritdoc/>
    public void Refused(QueueCore core, LogResult refusal)
    {
        if (refusal == LogResult.Failed)
        {
            return;
        }

        core.Table.Recipients[result.Recipient].Active = false;
        var deferred = result with { Outcome = DeliveryOutcome.Temporary, Status = 4_003_001, Text = "no room to expand the alias"u8.ToArray() };
        outcomes.Log(message, deferred, "local", core.Destinations[core.Table.Recipients[result.Recipient].Destination]);
        outcomes.Defer(message, deferred);
    }

    /// <inheritdoc/>
    public void Committed(QueueCore core, int index) =>
        core.Events.Info("expanded").Word("id", new MessageId(_parent).ToString()).Quoted("rcpt", result.Address)
            .Word("as", new MessageId(core.Table.Messages[index].Id).ToString()).Number("rcpts", result.Targets!.Count).Write();

    /// <summary>
    /// A single alias passes the sender's request on; a list takes it over: success was reported for the list, delays are
    /// not the sender's concern, and a failure still is as long as the list has no owner (RFC 3461 §5.2.7).
    /// </summary>
    private void EncodeTargets(scoped in StoredRecipient alias, int chunks, bool held)
    {
        var targets = result.Targets!;
        Span<byte> own = stackalloc byte[AddressLimits.MaxOriginalRecipient];
        var original = alias.Original.IsEmpty ? own[..OriginalRecipient.Write(alias.Address, own)] : alias.Original;
        if (!Fits(targets, original.Length, chunks))
        {
            original = default; // Worth less than the mail: the sender of a long ORCPT must not be able to lame a list.
        }

        var writer = FrameWriter.Fields(_recipients);
        foreach (var target in targets)
        {
            new StoredRecipient
            {
                Address = target.Address,
                Original = original,
                Notify = target.List ? (ushort)((NotifyOn)alias.Notify == NotifyOn.Never ? NotifyOn.Never : NotifyOn.Failure) : alias.Notify,
                Standing = new RecipientStanding(RecipientState.Ready, held, Final: true, target.List, 0, 0),
            }.Write(writer);
        }
    }

    private static bool Fits(List<ExpansionTarget> targets, int original, int chunks) =>
        targets.Sum(target => (long)target.Address.Length + original + AddressLimits.RecipientOverhead) is var bytes
        && bytes <= AddressLimits.MaxRecipientBytes && EnvelopeTail.Fits(chunks, bytes);
}
