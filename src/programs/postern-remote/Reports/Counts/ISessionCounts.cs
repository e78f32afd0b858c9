using Postern.Ipc.Delivery;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Protection;
using Postern.Remote.Session;

namespace Postern.Remote.Reports.Counts;

/// <summary>Counts how sessions with the hosts of domains were protected.</summary>
internal interface ISessionCounts
{
    /// <summary>Counts one.</summary>
    /// <param name="domain">The domain, in lower case.</param>
    /// <param name="policy">What it was held to.</param>
    /// <param name="failure">Why it was not protected so; null when it was.</param>
    void Count(string domain, AppliedPolicy policy, SessionFailure? failure);
}

/// <summary>Says what a session counts for.</summary>
internal static class SessionCounting
{
    /// <summary>Counts a session that was opened, or that could not be.</summary>
    internal static void Note(this ISessionCounts counts, Hop hop, HopTarget target, HopProtection protection, SessionTls tls)
    {
        // A host that did not get as far as TLS says nothing of it (RFC 8460 §4.3.3).
        if (protection.Policy is { } policy && tls != SessionTls.NotReached)
        {
            counts.Note(hop, target, policy, protection.Problem is { } problem ? (problem, string.Empty) : FailureOf(tls));
        }
    }

    /// <summary>Counts a session with a host.</summary>
    internal static void Note(this ISessionCounts counts, Hop hop, HopTarget target, AppliedPolicy policy, (FailureType Type, string Reason)? failure)
    {
        // Of a route of ours nobody who receives reports knows anything.
        if (hop.Kind == HopKind.Exchangers && DomainName.TryParse(hop.Destination, out var domain))
        {
            counts.Count(
                domain.ToString(),
                policy,
                failure is { } why ? new SessionFailure(why.Type, target.Name, target.Address.Address.ToString(), why.Reason) : null);
        }
    }

    private static (FailureType Type, string Reason)? FailureOf(SessionTls tls) => tls switch
    {
        SessionTls.NotOffered or SessionTls.NotNow => (FailureType.StartTlsNotSupported, string.Empty),
        SessionTls.Broken => (FailureType.ValidationFailure, "handshake-failed"),
        SessionTls.OtherName => (FailureType.CertificateHostMismatch, string.Empty),
        SessionTls.Expired => (FailureType.CertificateExpired, string.Empty),
        SessionTls.NotVouchedFor => (FailureType.CertificateNotTrusted, string.Empty),
        SessionTls.NotAssociated => (FailureType.TlsaInvalid, string.Empty),
        SessionTls.Unfit => (FailureType.ValidationFailure, "certificate-unfit"),
        _ => null,
    };
}
