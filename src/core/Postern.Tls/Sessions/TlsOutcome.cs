namespace Postern.Tls.Sessions;

/// <summary>How far an operation came.</summary>
public enum TlsStatus
{
    /// <summary>All the way.</summary>
    Done,

    /// <summary>It needs more from the peer: to be called again when the socket is readable.</summary>
    WantsRead,

    /// <summary>The socket takes no more: to be called again when it is writable.</summary>
    WantsWrite,

    /// <summary>The peer has said that it sends no more (close_notify).</summary>
    Ended,

    /// <summary>The stream ended without the peer saying so: whoever cuts a line can do that, and what came last may be half.</summary>
    Truncated,

    /// <summary>The session is over; <see cref="TlsSession.Failure"/> says why.</summary>
    Failed,
}

/// <summary>What reading or writing came to.</summary>
/// <param name="Status">How far it came.</param>
/// <param name="Count">Octets read or taken; only of what is done.</param>
public readonly record struct TlsOutcome(TlsStatus Status, int Count = 0);

/// <summary>Why a session failed.</summary>
/// <param name="PeerAlert">The alert that the peer sent (RFC 8446 §6); null when it was not the peer who gave up.</param>
/// <param name="Reason">In OpenSSL's or the system's words, never in the peer's.</param>
public sealed record TlsFailure(byte? PeerAlert, string Reason);
