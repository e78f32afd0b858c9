namespace Postern.Loop;

/// <summary>How a read or write on a connection ended.</summary>
public enum IoStatus
{
    /// <summary>Bytes were moved.</summary>
    Done,

    /// <summary>The peer has ended its direction in good order.</summary>
    Ended,

    /// <summary>The deadline passed.</summary>
    TimedOut,

    /// <summary>The connection broke or was closed here.</summary>
    Broken,
}

/// <summary>The outcome of a read or write: how it ended and how many bytes moved.</summary>
public readonly record struct IoResult(IoStatus Status, int Count)
{
    /// <summary>True when bytes moved.</summary>
    public bool IsDone => Status == IoStatus.Done;
}
