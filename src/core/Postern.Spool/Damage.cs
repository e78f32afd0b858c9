namespace Postern.Spool;

/// <summary>Why a part of the log was set aside.</summary>
public enum DamageReason
{
    /// <summary>No damage: a batch that was under way when the program or the machine died. Nobody was told that it succeeded.</summary>
    TornTail,

    /// <summary>
    /// The last batch has its commit record and is not whole: cut off by a crash, or acknowledged and damaged since. Nothing
    /// of it counts; what is whole in it can be rescued.
    /// </summary>
    IncompleteBatch,

    /// <summary>A record's payload does not have the checksum that its header says.</summary>
    Payload,

    /// <summary>No record where one must begin, up to the next one that holds.</summary>
    Header,

    /// <summary>A whole record of a kind that this version does not know.</summary>
    UnknownKind,

    /// <summary>A batch whose commit record is gone or does not fit; a later batch proves that it had been committed.</summary>
    Commit,

    /// <summary>Batches are missing between two that follow each other.</summary>
    Gap,

    /// <summary>The segment ends before the place that a later segment names.</summary>
    Truncated,

    /// <summary>The segment is listed and not there.</summary>
    MissingSegment,

    /// <summary>The segment's own header is unreadable.</summary>
    SegmentHeader,

    /// <summary>The segment is not the one that is listed under its number: restored from an older copy, or exchanged.</summary>
    ForeignSegment,

    /// <summary>The list of segments at the segment's start is unreadable.</summary>
    SegmentTable,

    /// <summary>A checkpoint is unreadable; an older one or the whole log was read instead.</summary>
    Checkpoint,

    /// <summary>Storage reports an error on reading here.</summary>
    Unreadable,
}

/// <summary>A part of the log that was set aside: never used, never deleted.</summary>
/// <param name="Segment">The segment's number.</param>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Length">How far it reaches, in bytes; 0 when that can't be said.</param>
/// <param name="Reason">Why.</param>
public readonly record struct Damage(uint Segment, uint Offset, uint Length, DamageReason Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"segment {Segment:x8} offset {Offset} length {Length}: {Reason}";
}
