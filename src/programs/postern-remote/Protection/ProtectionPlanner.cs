using System.Text;
using Postern.Dns.Resolving;
using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Remote.Logins;
using Postern.Remote.Protection.Seen;
using Postern.Remote.Protection.Sts;
using Postern.Remote.Reports.Counts;
using Postern.Remote.Session;
using Postern.Sts;
using Postern.Tls.Sessions;

namespace Postern.Remote.Protection;

/// <summary>Decides how a connection has to be protected: by what the host publishes, and by what the administrator asks.</summary>
/// <param name="names">Answers questions.</param>
/// <param name="rules">What is asked at the least, by domain; of the others as much as they can.</param>
/// <param name="policies">The policies of domains.</param>
/// <param name="memory">Who had TLS before.</param>
internal sealed partial class ProtectionPlanner(INameResolver names, RouteTable<TlsNeed> rules, StsBook policies, TlsMemory memory)
{
    private readonly AssociationLookup _associations = new(names);

    /// <summary>True to encrypt within this host, too, where nobody can listen; for tests.</summary>
    internal bool CoversLoopback { get; init; }

    /// <summary>Counts what hosts could not be used for; null counts nothing.</summary>
    internal ISessionCounts? Counts { get; init; }

    /// <summary>How to log in at hosts of routes.</summary>
    internal LoginBook Logins { get; init; } = LoginBook.None;

    /// <summary>Decides it for one address that gets a report about TLS: as well as it can, whatever is published (RFC 8460 §3).</summary>
    internal HopProtection PlanReport(HopTarget target) => (IsInside(target) ? HopProtection.None : ByNothing(target, null)) with { IsLoose = true };

    /// <summary>Learns from what came of a plan.</summary>
    internal void Learn(Hop hop, HopProtection protection, SessionOpening opened)
    {
        if (opened.Session is { } session)
        {
            if (session.IsWithinTls)
            {
                memory.HasTls(hop);
            }
            else if (!protection.IsLoose)
            {
                memory.IsClear(hop);
            }
        }
        else if (opened.LacksTls && protection.IsRemembered)
        {
            memory.LacksTls(hop);
        }
    }

    /// <summary>Decides it for one address of a hop.</summary>
    /// <returns>How; or why the host can't be used now.</returns>
    internal ValueTask<(HopProtection? Protection, DeliveryResult? Failure)> PlanAsync(Hop hop, HopTarget target) =>
        PlanForLoginAsync(hop, target, hop.IsTls ? AtLeastRequired(RuleFor(hop)) : RuleFor(hop));

    private async ValueTask<(HopProtection? Protection, DeliveryResult? Failure)> PlanForLoginAsync(Hop hop, HopTarget target, TlsNeed? rule)
    {
        if (Logins.Find(hop) is not { } login)
        {
            return await PlanAsync(hop, target, rule);
        }

        // A login is told to nobody but the host that it is for (I14).
        var (protection, failure) = login.Hindrance is { } hindrance
            ? (null, Later(EnhancedStatus.TemporaryPolicy, hindrance))
            : await PlanAsync(hop, target, TlsNeed.Verified);
        return (protection is null ? null : protection with { Login = login }, failure);
    }

    // There is no way to speak to it in the clear.
    private static TlsNeed AtLeastRequired(TlsNeed? rule) => rule is TlsNeed.Verified ? TlsNeed.Verified : TlsNeed.Required;

    private async ValueTask<(HopProtection? Protection, DeliveryResult? Failure)> PlanAsync(Hop hop, HopTarget target, TlsNeed? rule)
    {
        if (target.Address.IsUnix || rule is TlsNeed.None || (rule is null && IsInside(target)))
        {
            return (HopProtection.None, null);
        }

        var policy = hop.Kind == HopKind.Exchangers ? await policies.FindAsync(hop.Destination) : null;
        var isEnforced = policy?.Mode == StsMode.Enforce;
        if (isEnforced && !policy!.Covers(target.Name))
        {
            Counts?.Note(hop, target, Shown.Of(policy), (FailureType.ValidationFailure, Shown.OtherHost));
            return (null, Later(EnhancedStatus.SecurityLacking, $"the policy of {hop.Destination} (MTA-STS) does not have {target.Name} among its hosts"));
        }

        if (target.Origin is { IsAuthenticated: true } origin && !hop.IsLmtp)
        {
            switch (await _associations.FindAsync(origin.Host, origin.CanonicalName, target.Address.Port))
            {
                case PublishedAssociations.Unavailable:
                    Counts?.Note(hop, target, AppliedPolicy.None, (FailureType.DnssecInvalid, string.Empty));
                    return (null, Later(EnhancedStatus.DirectoryFailure, $"no name server could tell the TLSA records of {target.Name}"));
                case PublishedAssociations.Found { Usable.Count: > 0 } usable:
                    return (ByAssociation(hop, target, usable) with { Policy = Shown.Of(usable) }, null);
                case PublishedAssociations.Found found when rule is not TlsNeed.Verified && !isEnforced:
                    return (ByNothing(target, $"{target.Name} has TLSA records") with { Policy = Shown.Of(found) }, null);
            }
        }

        if (isEnforced)
        {
            // The policy was got from a server that an authority vouches for, and says that this is one of the domain's hosts.
            return (Vouched(target, [target.Name], $"the policy of {hop.Destination} (MTA-STS) asks for it") with { Policy = Shown.Of(policy!) }, null);
        }

        if (policy is { Mode: StsMode.Testing } && rule is null or TlsNeed.Opportunistic)
        {
            return (Tested(hop, target, policy), null);
        }

        if (rule is TlsNeed.Verified && target.Name.Length == 0)
        {
            return (null, Later(EnhancedStatus.CryptographicFailure, $"the configuration asks for a server that is known, and {target.Address} has no name to know it by"));
        }

        var (shown, problem) = Shown.Of(policy, policies.LastFault(hop.Destination.ToLowerInvariant()));
        return (rule switch
        {
            TlsNeed.Verified => ByName(hop, target),
            TlsNeed.Required => ByNothing(target, "the configuration asks for TLS"),
            _ => ByMemory(hop, target),
        } with
        { Policy = shown, Problem = problem }, null);
    }

    /// <summary>What the administrator says of it; null when he says nothing.</summary>
    private TlsNeed? RuleFor(Hop hop) =>
        rules.TryFind(DomainName.TryParse(hop.Destination, out var domain) ? domain.Text : [], out var need) ? need : null;

    // Nobody can listen within this host.
    private bool IsInside(HopTarget target) => target.Address.Address.IsLoopback && !CoversLoopback;

    // RFC 8461 §5: what would go wrong is reported, and the mail goes all the same; but no worse than it would without the policy (C6).
    private HopProtection Tested(Hop hop, HopTarget target, StsPolicy policy)
    {
        var untested = ByMemory(hop, target);
        if (policy.Covers(target.Name))
        {
            return Vouched(target, [target.Name], null) with { Policy = Shown.Of(policy), Otherwise = untested, IsRemembered = untested.IsRemembered };
        }

        Counts?.Note(hop, target, Shown.Of(policy), (FailureType.ValidationFailure, Shown.OtherHost));
        return untested;
    }

    // What nobody asks for has to be there all the same where it was before.
    private HopProtection ByMemory(Hop hop, HopTarget target)
    {
        var remembered = memory.Demand(hop);
        return ByNothing(target, remembered) with { IsRemembered = remembered is not null };
    }

    private static HopProtection ByNothing(HopTarget target, string? reason) =>
        new(new TlsExpectation { ServerName = target.Name.Length > 0 ? target.Name : null }, reason);

    // RFC 7672 §3.2.2: with an association of an authority these are the names that its certificates may be for.
    private static HopProtection ByAssociation(Hop hop, HopTarget target, PublishedAssociations.Found found)
    {
        var below = found.Base.ToString().ToLowerInvariant();
        string[] known = hop.Kind == HopKind.Exchangers ? [below, target.Name, hop.Destination] : [below, target.Name];
        return new HopProtection(
            new TlsExpectation
            {
                ServerName = known[0],
                Names = [.. known.Distinct()],
                Assurance = TlsAssurance.Association,
                Associations = found.Usable,
            },
            $"{target.Name} has TLSA records");
    }

    // Of a host whose name was not verified its name says nothing: whoever forges the one has a certificate for the other.
    private static HopProtection ByName(Hop hop, HopTarget target)
    {
        var mayBeBelow = hop.Kind == HopKind.Exchangers;
        string[] known = !mayBeBelow ? [target.Name]
            : target.Origin is { IsAuthenticated: true } ? [target.Name, hop.Destination, $".{hop.Destination}"]
            : [hop.Destination, $".{hop.Destination}"];
        return Vouched(target, known, "the configuration asks for TLS with a server that is known");
    }

    private static HopProtection Vouched(HopTarget target, string[] known, string? reason) =>
        new(new TlsExpectation { ServerName = target.Name, Names = known, Assurance = TlsAssurance.Authority }, reason);

    private static DeliveryResult Later(EnhancedStatus status, string text) =>
        DeliveryResult.Temporary(status, FaultOf.World, Encoding.ASCII.GetBytes(text));
}
