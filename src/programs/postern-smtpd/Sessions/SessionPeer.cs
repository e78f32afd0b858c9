using Postern.Ipc.Slices;
using Postern.Text;

namespace Postern.Smtpd.Sessions;

/// <summary>Who is connected and to what.</summary>
/// <param name="Address">The client's address.</param>
/// <param name="Own">The address of ours that it is connected to.</param>
/// <param name="Service">What is spoken.</param>
/// <param name="IsTrusted">True when it may relay and is exempt from the limits per client.</param>
internal sealed record SessionPeer(IpAddress Address, IpAddress Own, ServiceKind Service, bool IsTrusted)
{
    /// <summary>True for LMTP (RFC 2033).</summary>
    internal bool IsLmtp => Service == ServiceKind.Lmtp;

    /// <summary>True when the client begins with TLS (RFC 8314 §3.3).</summary>
    internal bool BeginsWithTls => Service == ServiceKind.Submissions;

    /// <summary>True where users hand in mail (RFC 6409).</summary>
    internal bool IsSubmission => Service is ServiceKind.Submission or ServiceKind.Submissions;

    /// <summary>True when mail for other domains is taken from here; LMTP never relays.</summary>
    internal bool MayRelay => IsTrusted && !IsLmtp;

    /// <summary>True when this client may send here at all: submission is for those who are known (RFC 6409 §4.3).</summary>
    internal bool MaySend => IsTrusted || Service is ServiceKind.Smtp or ServiceKind.Lmtp;
}
