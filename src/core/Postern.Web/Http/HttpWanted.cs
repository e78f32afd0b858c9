namespace Postern.Web.Http;

/// <summary>Which answers are taken; any other is refused.</summary>
/// <param name="MaxLength">The most bytes of a content.</param>
/// <param name="Type">The content's type; null for any, and none.</param>
/// <param name="AnyStatus">True when an answer other than 200 is of use, too: its reader looks at <see cref="HttpAnswer.Code"/>.</param>
public sealed record HttpWanted(int MaxLength, string? Type = null, bool AnyStatus = false)
{
    /// <summary>Whichever status is all that is wanted: what comes behind its line is nobody's, and an answer can't be refused for it.</summary>
    public static HttpWanted StatusAlone { get; } = new(0, AnyStatus: true) { EndsWithStatus = true };

    /// <summary>True when an answer is whole with its first line.</summary>
    internal bool EndsWithStatus { get; private init; }
}
