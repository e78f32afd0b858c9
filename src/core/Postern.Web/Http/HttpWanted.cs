namespace Postern.Web.Http;

/// <summary>Which answers are taken; any other is refused.</summary>
/// <param name="MaxLength">The most bytes of a content.</param>
/// <param name="Type">The content's type; null for any, and none.</param>
/// <param name="AnyStatus">True when an answer other than 200 is of use, too: its reader looks at <see cref="HttpAnswer.Code"/>.</param>
public sealed record HttpWanted(int MaxLength, string? Type = null, bool AnyStatus = false);
