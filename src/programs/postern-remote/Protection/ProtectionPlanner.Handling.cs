using System.Text;
using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Mail;
using Postern.Remote.Hops;
using Postern.Sts;
using Postern.Tls.Sessions;

namespace Postern.Remote.Protection;

/// <content>What a message itself asks for: more than the others (REQUIRETLS), or less (TLS-Required: No), RFC 8689.</content>
internal sealed partial class ProtectionPlanner
{
    // As into a mailbox here: what stays within this host nobody hears, and LMTP sends nothing on.
    private static readonly HopProtection _within = HopProtection.None with { IsFitForRequireTls = true };

    /// <summary>True when a message may do with less than policies ask for.</summary>
    internal bool FollowsTlsOptional { get; set; } = true;

    /// <summary>Decides it for a message that requires TLS (RFC 8689 §2, §4.2.1): within TLS, with a server whose name is known to be the right one
    /// and whose certificate shows that it has the name.</summary>
    /// <returns>How; or why the host can't be used, now or for such a message at all.</returns>
    internal async ValueTask<(HopProtection? Protection, DeliveryResult? Failure)> PlanRequiredAsync(Hop hop, HopTarget target)
    {
        if (hop.IsLmtp && (target.Address.IsUnix || IsInside(target)))
        {
            return (_within, null);
        }

        if (target.Name.Length == 0 || RuleFor(hop) is TlsNeed.None)
        {
            var why = target.Name.Length == 0 ? $"{target.Address} has no name to know it by" : $"the configuration has no TLS with {hop.Destination}";
            return (null, Unfit($"the message requires TLS (REQUIRETLS), and {why}"));
        }

        var (plan, failure) = await PlanForLoginAsync(hop, target, TlsNeed.Verified);
        if (plan is null or { Expectation.Assurance: TlsAssurance.Association })
        {
            return (plan is null ? null : plan with { IsFitForRequireTls = true }, failure);
        }

        if (!await IsNamedAsync(hop, target))
        {
            // A policy that could not be got just now may say so later.
            return (null, policies.LastFault(hop.Destination.ToLowerInvariant()) is not null
                ? Later(EnhancedStatus.SecurityLacking, $"the message requires TLS (REQUIRETLS), and the policy of {hop.Destination} (MTA-STS) could not be got")
                : Unfit($"the message requires TLS (REQUIRETLS), and neither DNSSEC nor a policy (MTA-STS) says that {target.Name} is a server of {hop.Destination}"));
        }

        var vouched = Vouched(target, [target.Name], "the message requires it (REQUIRETLS)");
        return (plan with { Expectation = vouched.Expectation, Reason = vouched.Reason, IsFitForRequireTls = true }, null);
    }

    /// <summary>Decides it for a message that says TLS-Required: No (RFC 8689 §4.2.2): as for others, but what can't be had is no hindrance. What the
    /// administrator asks for stays, and so does a login, which only the right host is to hear.</summary>
    internal async ValueTask<(HopProtection? Protection, DeliveryResult? Failure)> PlanOptionalAsync(Hop hop, HopTarget target)
    {
        var plan = await PlanAsync(hop, target);
        if (!FollowsTlsOptional || plan.Protection is { Demand: null } || hop.IsTls || Logins.Find(hop) is not null
            || RuleFor(hop) is TlsNeed.Required or TlsNeed.Verified)
        {
            return plan;
        }

        var least = ByNothing(target, null) with { IsLoose = true };
        return (plan.Protection is null ? least : plan.Protection with { Reason = null, IsRemembered = false, IsLoose = true, Otherwise = least }, null);
    }

    // A host of a route the administrator names, and a domain that is its own server needs nobody to name it.
    private async ValueTask<bool> IsNamedAsync(Hop hop, HopTarget target) =>
        hop.Kind != HopKind.Exchangers || target.Origin is { IsAuthenticated: true }
        || target.Name.Equals(hop.Destination, StringComparison.OrdinalIgnoreCase)
        || (await policies.FindAsync(hop.Destination) is { Mode: not StsMode.None } policy && policy.Covers(target.Name));

    private static DeliveryResult Unfit(string text) =>
        DeliveryResult.Permanent(EnhancedStatus.EncryptionNeeded, FaultOf.World, Encoding.ASCII.GetBytes(text));
}
