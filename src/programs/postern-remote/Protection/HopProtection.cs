using Postern.Tls.Sessions;

namespace Postern.Remote.Protection;

/// <summary>How a connection to one host has to be protected.</summary>
/// <param name="Expectation">Whom to expect at the other end of TLS; null speaks in the clear.</param>
/// <param name="Reason">Who demands it, in words; null when nobody does, and mail goes in the clear if it has to.</param>
internal sealed record HopProtection(TlsExpectation? Expectation, string? Reason)
{
    /// <summary>None at all.</summary>
    internal static readonly HopProtection None = new(null, null);

    /// <summary>True when nothing may be said to the host without it.</summary>
    internal bool IsRequired => Reason is not null;
}
