using System.Diagnostics.CodeAnalysis;

namespace Postern.Spool;

/// <summary>What a record is; the byte stands in its header (docs/queue-format.md).</summary>
/// <remarks>
/// The upper half of the byte is the class, which decides how much room a record must leave when the disk is full. The
/// log itself knows of the caller's kinds only this class and that content is not shown again at recovery. A record of a
/// kind that is not named here is not there: add the member and its line in <see cref="RecordKinds"/> together.
/// </remarks>
[SuppressMessage("Design", "CA1027", Justification = "The values are classes and members, never combined.")]
public enum RecordKind : byte
{
    /// <summary>No record has this kind.</summary>
    None = 0,

    /// <summary>The log's own: closes a batch.</summary>
    Commit = 0x01,

    /// <summary>The log's own: the sections that exist, at the start of each.</summary>
    SectionTable = 0x02,

    /// <summary>The log's own: sections that are free from here on.</summary>
    Freed = 0x03,

    /// <summary>The log's own: a piece of a checkpoint.</summary>
    CheckpointPiece = 0x08,

    /// <summary>The log's own: a checkpoint is complete; lists its pieces.</summary>
    CheckpointEnd = 0x09,

    /// <summary>A piece of a message's content; recovery tells its length only.</summary>
    Content = 0x10,

    /// <summary>A message's envelope: makes the message exist.</summary>
    Envelope = 0x11,

    /// <summary>What became of recipients, and every decision about them.</summary>
    Result = 0x20,

    /// <summary>The start of a run of the caller.</summary>
    Start = 0x21,
}

/// <summary>Judges of record kinds.</summary>
public static class RecordKinds
{
    /// <summary>True for the kinds that the caller may append.</summary>
    public static bool IsCallers(this RecordKind kind) => kind is
        RecordKind.Content or RecordKind.Envelope or RecordKind.Result or RecordKind.Start;

    /// <summary>True for every kind that can stand in a log.</summary>
    internal static bool IsKnown(RecordKind kind) => kind.IsCallers() || kind is
        RecordKind.Commit or RecordKind.SectionTable or RecordKind.Freed or
        RecordKind.CheckpointPiece or RecordKind.CheckpointEnd;

    /// <summary>True for the kinds that make the queue longer: they are refused while the reserve is all that is left.</summary>
    public static bool Grows(this RecordKind kind) => ((byte)kind & 0xF0) == 0x10;
}
