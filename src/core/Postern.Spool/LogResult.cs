namespace Postern.Spool;

/// <summary>How a write to the log ended.</summary>
public enum LogResult
{
    /// <summary>Done; after a commit: on stable storage.</summary>
    Success,

    /// <summary>No room. Nothing was written, the log and the open batch are as they were, and a later call may succeed.</summary>
    Full,

    /// <summary>
    /// Storage failed, and nobody knows what it holds of the open batch: all of it or nothing will be there after recovery.
    /// Every later write fails too; the program has to end and to recover from storage (never retry: a second sync
    /// reports success for data that the kernel has already thrown away).
    /// </summary>
    Failed,
}

/// <summary>How a read from the log ended.</summary>
public enum ReadResult
{
    /// <summary>The record is whole and its checksums hold.</summary>
    Success,

    /// <summary>There is no such record, or it is damaged: nothing of it was handed out.</summary>
    NotThere,

    /// <summary>The record is longer than the destination; its length is told.</summary>
    TooLong,

    /// <summary>Storage could not be read now, for want of memory or descriptors: nothing is known of the record.</summary>
    Failed,
}
