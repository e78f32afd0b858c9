using Postern.Dns.Resolving;
using Postern.Dns.Wire;

namespace Postern.Dns.Exchangers;

/// <summary>A host that takes mail for a domain.</summary>
/// <param name="Preference">The lowest is tried first (RFC 5321 §5.1); 0 for a domain without MX records.</param>
/// <param name="Name">A name that a host may have.</param>
public readonly record struct MailExchanger(ushort Preference, DnsName Name);

/// <summary>Where mail for a domain goes, as far as its MX records tell: one of six outcomes.</summary>
public abstract record MailRoute
{
    private MailRoute()
    {
    }

    /// <summary>Whether trying again later makes sense; false means that mail for the domain fails for good.</summary>
    public virtual bool IsTemporary => false;

    /// <summary>There are hosts to try.</summary>
    /// <param name="InOrder">In the order in which to try them, 1 to <see cref="ExchangerSelection.MaxExchangers"/>.</param>
    /// <param name="IsImplicit">There is no MX record, so the domain itself is the host (RFC 5321 §5.1).</param>
    /// <param name="IsAuthenticated">The answer was verified by DNSSEC, which DANE needs (RFC 7672 §2.2.1).</param>
    public sealed record Exchangers(IReadOnlyList<MailExchanger> InOrder, bool IsImplicit, bool IsAuthenticated) : MailRoute;

    /// <summary>The domain takes no mail (RFC 7505 §3): fails with 556 and 5.1.10.</summary>
    public sealed record NullMx : MailRoute;

    /// <summary>The domain does not exist: fails with 5.1.2.</summary>
    public sealed record DoesNotExist : MailRoute;

    /// <summary>The domain has MX records, but none names a host; no other way may be tried (RFC 5321 §5.1): fails with 5.4.4.</summary>
    public sealed record NoUsableExchanger : MailRoute;

    /// <summary>The best host is this one, which does not take the domain's mail as its own: fails with 5.4.6 (RFC 5321 §5.1).</summary>
    public sealed record LoopsToSelf : MailRoute;

    /// <summary>Nobody could say: keep the mail and ask again later.</summary>
    public sealed record Unavailable(UnavailableReason Reason) : MailRoute
    {
        public override bool IsTemporary => true;
    }
}
