namespace Postern.Config.Errors;

/// <summary>One thing that is wrong, where it stands and what to do about it.</summary>
/// <param name="Place">The key, value or line that is wrong.</param>
/// <param name="Message">One printable ASCII line.</param>
internal sealed record ConfigError(Place Place, string Message);
