namespace Postern.Ipc.Submission;

/// <summary>What became of a message that was handed to the queue.</summary>
public enum SubmissionOutcome
{
    /// <summary>On stable storage: 250 may be said.</summary>
    Committed = 0,

    /// <summary>No room on the disk: 452 4.3.1.</summary>
    Full = 1,

    /// <summary>The queue is being drained: 451 4.3.2.</summary>
    Draining = 2,

    /// <summary>Storage failed; the message may turn out to exist, whole: 451 4.3.0.</summary>
    Failed = 3,

    /// <summary>A larger message than the queue takes: 552 5.3.4.</summary>
    TooLarge = 4,

    /// <summary>The queue knows no such transaction.</summary>
    Unknown = 5,
}

/// <summary>Whether the queue takes new messages.</summary>
public enum QueueCondition
{
    /// <summary>It does.</summary>
    Accepting = 0,

    /// <summary>The disk is too full: 452 4.3.1 at MAIL.</summary>
    Full = 1,

    /// <summary>It is being drained: 451 4.3.2 at MAIL.</summary>
    Draining = 2,
}
