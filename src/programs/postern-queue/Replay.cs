using Postern.Ipc.Notices;
using Postern.Queue.Notices;
using Postern.Queue.Records;
using Postern.Queue.Schedule;
using Postern.Spool;

namespace Postern.Queue;

/// <summary>Rebuilds the table from the log: the last checkpoint, then the records after it, in their order.</summary>
/// <remarks>
/// Records may repeat what the checkpoint holds, and records of finished messages may still stand in the log: they find no
/// message in the table, or one that they finish again. Nothing here depends on how the last run ended: a start after a
/// crash is the ordinary start.
/// </remarks>
internal sealed class Replay(QueueCore core, NoticeDesk notices) : ILogVisitor
{
    private bool _failed;

    /// <summary>The largest generation that was seen.</summary>
    internal uint Generation { get; private set; }

    /// <summary>Records that are whole but mean nothing to this version.</summary>
    internal int Strange { get; private set; }

    /// <summary>True when the last run ended over a record that it could not read.</summary>
    internal bool Suspicious { get; private set; }

    /// <summary>What the log set aside, but for what a crash cut off: that is no sign of damage to anything older.</summary>
    internal List<Damage> Damages { get; } = [];

    /// <inheritdoc/>
    public void Checkpoint(ReadOnlySpan<byte> piece)
    {
        if (!CheckpointPiece.TryTake(piece, core, notices, out var generation))
        {
            Strange++;
        }

        Generation = Math.Max(Generation, generation);
    }

    /// <inheritdoc/>
    public void Record(RecordKind kind, RecordPosition position, int length, ReadOnlySpan<byte> payload)
    {
        var good = kind switch
        {
            RecordKind.Content => true,
            RecordKind.Envelope => TakeEnvelope(position, payload),
            RecordKind.Result => TakeResult(position, payload),
            RecordKind.Start => TakeStart(payload),
            _ => false,
        };
        Strange += good ? 0 : 1;
    }

    /// <inheritdoc/>
    public void Damaged(Damage damage)
    {
        if (damage.Reason != DamageReason.TornTail)
        {
            Damages.Add(damage);
        }
    }

    /// <summary>Puts everything that is open into the lines, once all records were taken.</summary>
    /// <returns>
    /// The ids of messages that are set aside because their content is damaged; null when a record could not be read for a reason
    /// that has nothing to do with it: then the start is over.
    /// </returns>
    internal List<ulong>? Finish()
    {
        List<ulong> broken = [];
        for (var message = 0; message < core.Table.Messages.Bound; message++)
        {
            ref var entry = ref core.Table.Messages[message];
            if (entry.Id == 0)
            {
                continue;
            }

            if (entry.Open == 0)
            {
                core.Table.Remove(message);
            }
            else if ((Suspicious || Damages.Count > 0) && !IsWhole(entry.Envelope))
            {
                broken.Add(entry.Id);
                core.Table.Remove(message);
                notices.Forget(message);
            }
            else
            {
                OweWhatIsLost(message);
                // Its debts may stand in front of it.
                foreach (var owed in notices.OwedOf(message))
                {
                    entry.FirstSection = owed.Position == default ? entry.FirstSection : Math.Min(entry.FirstSection, owed.Position.Section);
                }

                ClockJumps.Bound(core, message);
                core.Enter(message);
            }
        }

        return _failed ? null : broken;
    }

    /// <summary>
    /// A sender is owed a word and the record that said which is gone: he gets it all the same. All that is sure is that
    /// nobody is tried any more, so it counts as failed unless he can't have wanted to hear of that.
    /// </summary>
    private void OweWhatIsLost(int message)
    {
        ref var entry = ref core.Table.Messages[message];
        HashSet<int>? known = null;
        for (var index = entry.FirstRecipient; index < entry.EndOfRecipients; index++)
        {
            if (core.Table.Recipients[index].State == RecipientState.Owed
                && (known ??= [.. notices.OwedOf(message).Where(owed => owed.Kind != NoticeKind.Delay).Select(owed => owed.Recipient)]).Add(index))
            {
                notices.TellDamaged(message, index);
                notices.Owe(message, index, notices.WantsFailure(message, index) ? NoticeAction.Failed : NoticeAction.Relayed, default);
            }
        }
    }

    private bool IsWhole(RecordPosition envelope)
    {
        var result = core.Log.TryReadEnvelope(envelope, out var payload);
        if (result == ReadResult.Success)
        {
            _ = EnvelopeHead.Open(payload, out var tail, out _);
            result = tail.Chunks.Select(core.Log.HasContent).FirstOrDefault(piece => piece != ReadResult.Success, ReadResult.Success);
        }

        _failed |= result == ReadResult.Failed;
        return result == ReadResult.Success;
    }

    private bool TakeEnvelope(RecordPosition position, ReadOnlySpan<byte> payload)
    {
        var head = EnvelopeHead.Open(payload, out var tail, out var reader);
        Generation = Math.Max(Generation, (uint)(head.Message >> 32));
        if (core.Table.Find(head.Message) is >= 0 and var known)
        {
            if (!EnvelopeHead.IsWhole(payload))
            {
                return false; // What is known stays, and what it names, too.
            }

            if (head.Cause != EnvelopeCause.Moved)
            {
                // The checkpoint told of it, but perhaps not of what it did: the piece with its cause may be the older one.
                ClearCause(head, tail, known);
                return true;
            }

            TakeMoved(known, position, payload);
            return true;
        }

        if (core.Admit(payload, position) is not (>= 0 and var admitted))
        {
            return false;
        }

        ClearCause(head, tail, admitted);
        return true;
    }

    /// <summary>
    /// A message stands further along. Its debts follow behind it, unless there was no room for them; of whoever is not done
    /// yet what stands in front of it counts till then.
    /// </summary>
    private void TakeMoved(int known, RecordPosition position, ReadOnlySpan<byte> payload)
    {
        var debts = notices.OwedOf(known).Select(debt => (Debt: debt, core.Table.Recipients[debt.Recipient].Number)).ToList();
        core.Table.Remove(known);
        notices.Forget(known);
        var message = core.Admit(payload, position);
        foreach (var (debt, number) in debts)
        {
            if (core.Table.FindRecipient(message, (uint)number) is >= 0 and var index && core.Table.Recipients[index].State != RecipientState.Done)
            {
                notices.Owe(message, index, debt.Action, debt.Position);
            }
        }
    }

    /// <summary>What a message takes the place of, or pays for, is done with.</summary>
    private void ClearCause(in EnvelopeHead head, in EnvelopeTail tail, int message)
    {
        var cause = core.Table.Find(head.CauseMessage);
        if (cause >= 0 && head.Cause == EnvelopeCause.Expansion)
        {
            var alias = core.Table.FindRecipient(cause, head.CauseDetail);
            if (alias >= 0 && core.Table.Recipients[alias].State != RecipientState.Owed)
            {
                notices.GiveWay(cause, alias, core.Table.Recipients[core.Table.Messages[message].FirstRecipient].List);
            }
        }
        else if (cause >= 0 && head.Cause == EnvelopeCause.Notice)
        {
            notices.SettleByNumber(cause, (NoticeKind)head.CauseDetail, tail.Cleared);
        }
    }

    private bool TakeResult(RecordPosition position, ReadOnlySpan<byte> payload)
    {
        if (!ResultRecord.TryRead(payload, out var result))
        {
            return false;
        }

        var message = core.Table.Find(result.Message);
        var index = message < 0 ? -1 : core.Table.FindRecipient(message, result.Recipient);
        if (index < 0)
        {
            return true; // Of a message that is gone.
        }

        core.Table.Restore(message, index, result.Standing);
        if (result.Owes)
        {
            notices.Owe(message, index, result.Action, position);
        }

        return true;
    }

    private bool TakeStart(ReadOnlySpan<byte> payload)
    {
        if (!StartRecord.TryRead(payload, out var start))
        {
            return false;
        }

        Generation = Math.Max(Generation, start.Generation);
        Suspicious = start == StartRecord.Suspicion;
        return true;
    }
}
