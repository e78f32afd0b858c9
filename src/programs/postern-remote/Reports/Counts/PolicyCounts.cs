namespace Postern.Remote.Reports.Counts;

/// <summary>Why and where sessions failed.</summary>
/// <param name="Type">Why.</param>
/// <param name="Host">The name of the mail exchanger; empty when none was reached.</param>
/// <param name="Address">Its address; the same.</param>
/// <param name="Reason">More of it, in a word of ours; or empty.</param>
internal readonly record struct SessionFailure(FailureType Type, string Host, string Address, string Reason);

/// <summary>The sessions of one domain and day that were held to one policy.</summary>
internal sealed class PolicyCounts(AppliedPolicy policy)
{
    /// <summary>Kinds of failures that are told apart. Arbitrary: a domain has a handful of hosts with two addresses each.</summary>
    internal const int MaxKinds = 32;

    private readonly Dictionary<SessionFailure, long> _failures = [];

    /// <summary>The policy.</summary>
    internal AppliedPolicy Policy { get; } = policy;

    /// <summary>Sessions that were protected as the policy wants.</summary>
    internal long Successes { get; private set; }

    /// <summary>Sessions that were not.</summary>
    internal long Failed => _failures.Values.Sum();

    /// <summary>The same, by kind; of kinds beyond <see cref="MaxKinds"/> only the type is known.</summary>
    internal IReadOnlyCollection<KeyValuePair<SessionFailure, long>> Failures => _failures;

    /// <summary>Counts sessions.</summary>
    /// <returns>Characters that are kept for it from now on.</returns>
    internal int Add(SessionFailure? failure, long sessions)
    {
        if (failure is not { } kind)
        {
            Successes += sessions;
            return 0;
        }

        if (!_failures.ContainsKey(kind) && _failures.Count >= MaxKinds)
        {
            kind = new SessionFailure(kind.Type, string.Empty, string.Empty, string.Empty);
        }

        var isKnown = _failures.TryGetValue(kind, out var before);
        _failures[kind] = before + sessions;
        return isKnown ? 0 : kind.Host.Length + kind.Address.Length + kind.Reason.Length;
    }
}
