namespace Postern.Sts;

/// <summary>How far the reading of an answer has come.</summary>
public enum HttpStatus
{
    /// <summary>The answer goes on.</summary>
    NeedsMore,

    /// <summary>The answer is whole, and its content is there.</summary>
    Done,

    /// <summary>This answer brings no policy; nothing of it is used.</summary>
    Refused,
}
