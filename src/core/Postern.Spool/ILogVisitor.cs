namespace Postern.Spool;

/// <summary>Receives what a log holds, at recovery: first the checkpoint, then the records, in the order of their writing.</summary>
/// <remarks>
/// Records may tell what the checkpoint already holds, because it was written while they were, so taking in a record has
/// to be the same once and twice: an envelope whose message is known changes nothing, a result for a recipient or a
/// message that is not known any more is passed over. Payloads are valid during the call only.
/// </remarks>
public interface ILogVisitor
{
    /// <summary>One piece of the last complete checkpoint, as it was appended.</summary>
    void Checkpoint(ReadOnlySpan<byte> piece);

    /// <summary>One committed record.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="length">Its payload's length in bytes.</param>
    /// <param name="payload">Its payload, whole and checked; empty for <see cref="RecordKind.Content"/>.</param>
    void Record(RecordKind kind, RecordPosition position, int length, ReadOnlySpan<byte> payload);

    /// <summary>A part of the log was set aside; reported in no particular order.</summary>
    void Damaged(Damage damage);
}

/// <summary>What recovery says about the whole, after the visitor has seen the parts.</summary>
/// <param name="FromCheckpoint">True when it began at a checkpoint, false when it began at the oldest section.</param>
/// <param name="Records">How many records the visitor was shown.</param>
/// <param name="Damages">How many damages the visitor was shown, torn tails not counted.</param>
/// <param name="ResultsMayBeMissing">
/// True only when no checkpoint is readable although sections were freed that were not the oldest: results may have gone
/// with them, so a message that appears may have been finished. The caller should hold what it can't be sure of.
/// </param>
public readonly record struct RecoverySummary(bool FromCheckpoint, long Records, int Damages, bool ResultsMayBeMissing);
