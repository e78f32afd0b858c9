namespace Postern.Acme.Web;

/// <summary>An answer.</summary>
/// <param name="Code">Its status.</param>
/// <param name="Body">Its content.</param>
/// <param name="Nonce">The nonce that it brings (Replay-Nonce); null for none.</param>
/// <param name="Location">What it says is elsewhere; null for nothing.</param>
/// <param name="RetryAfter">How long it asks to wait; null when it does not.</param>
internal sealed record WebReply(int Code, byte[] Body, string? Nonce, string? Location, TimeSpan? RetryAfter);

/// <summary>The way to the authority's server.</summary>
internal interface IWeb
{
    /// <summary>Sends one request, and reads its answer. Never throws for anything that the network or a server does.</summary>
    /// <param name="place">Where to.</param>
    /// <param name="content">What is sent (application/jose+json); null to ask for what is there.</param>
    /// <returns>The answer; or null and why there is none.</returns>
    ValueTask<(WebReply? Reply, string? Problem)> SendAsync(WebPlace place, byte[]? content);
}
