namespace Postern.Remote.Reports.Counts;

/// <summary>The sessions of one domain and day.</summary>
internal sealed class DomainCounts
{
    /// <summary>Policies that are told apart: a domain's hosts have TLSA records of their own, and a policy may change within a day.
    /// Arbitrary.</summary>
    internal const int MaxPolicies = 8;

    private readonly List<PolicyCounts> _policies = [];

    /// <summary>By policy.</summary>
    internal IReadOnlyList<PolicyCounts> Policies => _policies;

    /// <summary>The counts of a policy; null when there are too many others.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="isNew">True when there were none before.</param>
    internal PolicyCounts? Of(AppliedPolicy policy, out bool isNew)
    {
        var counts = _policies.Find(each => each.Policy.Equals(policy));
        isNew = counts is null && _policies.Count < MaxPolicies;
        if (isNew)
        {
            _policies.Add(counts = new PolicyCounts(policy));
        }

        return counts;
    }
}
