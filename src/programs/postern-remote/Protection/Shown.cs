using System.Text;
using Postern.Remote.Protection.Sts;
using Postern.Remote.Reports.Counts;
using Postern.Sts;

namespace Postern.Remote.Protection;

/// <summary>What a domain publishes, as its report shows it (RFC 8460 §4.4).</summary>
internal static class Shown
{
    /// <summary>The reason of a failure: the policy does not have the host.</summary>
    internal const string OtherHost = "host-not-in-policy";

    /// <summary>A policy: its lines, as they came.</summary>
    internal static AppliedPolicy Of(StsPolicy policy) => new(
        PolicyType.Sts,
        Encoding.UTF8.GetString(policy.Source).Split('\n').Select(static line => line.TrimEnd('\r')).Where(static line => line.Length > 0),
        policy.Exchangers);

    /// <summary>TLSA records, as they are written.</summary>
    internal static AppliedPolicy Of(PublishedAssociations.Found found) => new(
        PolicyType.Tlsa,
        found.Usable.Select(static each => $"{each.Usage} {each.Selector} {each.Matching} {Convert.ToHexStringLower(each.Data)}").Order(StringComparer.Ordinal),
        []);

    /// <summary>Where neither TLSA records nor a policy decides about a host: what there was of a policy, and what was wrong with it.</summary>
    internal static (AppliedPolicy Policy, FailureType? Problem) Of(StsPolicy? policy, FetchFault? fault) => (policy, fault) switch
    {
        ({ Mode: not StsMode.None }, _) => (Of(policy), null),
        (null, FetchFault.NotGiven) => (AppliedPolicy.Unknown, FailureType.StsPolicyFetchError),
        (null, FetchFault.Untrusted) => (AppliedPolicy.Unknown, FailureType.StsWebPkiInvalid),
        (null, FetchFault.NoPolicy) => (AppliedPolicy.Unknown, FailureType.StsPolicyInvalid),
        _ => (AppliedPolicy.None, null),
    };
}
