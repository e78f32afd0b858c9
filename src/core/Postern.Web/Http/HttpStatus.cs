namespace Postern.Web.Http;

/// <summary>How far the reading of an answer has come.</summary>
public enum HttpStatus
{
    /// <summary>The answer goes on.</summary>
    NeedsMore,

    /// <summary>The answer is whole, and its content is there.</summary>
    Done,

    /// <summary>This answer is not taken; nothing of it is used.</summary>
    Refused,
}
