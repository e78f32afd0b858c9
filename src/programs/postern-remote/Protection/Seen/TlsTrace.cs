namespace Postern.Remote.Protection.Seen;

/// <summary>That a destination had TLS.</summary>
/// <param name="Destination">A domain whose mail exchangers it was; or a route's host with its port. In small letters.</param>
/// <param name="Seen">When it last had it, to a day.</param>
/// <param name="Lost">Since when it has none; null while it has.</param>
internal sealed record TlsTrace(string Destination, DateTimeOffset Seen, DateTimeOffset? Lost);
