using Postern.Remote.Logins;
using Postern.Remote.Reports.Counts;
using Postern.Tls.Sessions;

namespace Postern.Remote.Protection;

/// <summary>How a connection to one host has to be protected.</summary>
/// <param name="Expectation">Whom to expect at the other end of TLS; null speaks in the clear.</param>
/// <param name="Reason">Who demands it, in words; null when nobody does, and mail goes in the clear if it has to.</param>
internal sealed record HopProtection(TlsExpectation? Expectation, string? Reason)
{
    /// <summary>How to log in once the host is known; null when there is no need.</summary>
    internal HostLogin? Login { get; init; }

    /// <summary>True when a session with it meets what REQUIRETLS asks of a client (RFC 8689 §2).</summary>
    internal bool IsFitForRequireTls { get; init; }

    /// <summary>True when it asks for less than it would for any other message: what comes of it says nothing of the hop.</summary>
    internal bool IsLoose { get; init; }

    /// <summary>True when TLS is demanded since it was there before, and for nothing else.</summary>
    internal bool IsRemembered { get; init; }

    /// <summary>None at all.</summary>
    internal static readonly HopProtection None = new(null, null);

    /// <summary>What the domain publishes of it, for its report; null when there is nothing to report.</summary>
    internal AppliedPolicy? Policy { get; init; }

    /// <summary>What is wrong with that, however the session goes; null when nothing is.</summary>
    internal FailureType? Problem { get; init; }

    /// <summary>What is tried next where TLS is not required and fails; null speaks in the clear.</summary>
    internal HopProtection? Otherwise { get; init; }

    /// <summary>True when nothing may be said to the host without it.</summary>
    internal bool IsRequired => Reason is not null;

    /// <summary>Who demands TLS, if only as <see cref="Otherwise"/> has it, in words; null when the mail goes in the clear if it has to.</summary>
    internal string? Demand => Reason ?? Otherwise?.Reason;
}
