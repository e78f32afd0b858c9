namespace Postern.Remote.Reports.Counts;

/// <summary>The sessions of today, and the reports that are owed for other days.</summary>
/// <remarks>
/// Strangers choose the domains: mail to them is easily provoked. So there is room for so many and no more, and what finds none is
/// counted as such.
/// </remarks>
internal sealed class ReportBook
{
    /// <summary>Domains of one day. Arbitrary.</summary>
    internal const int MaxDomains = 10_000;

    /// <summary>Characters that all domains may take, of days that are over, too. Arbitrary: of ordinary domains each takes 200.</summary>
    internal const int MaxOctets = 8 * 1024 * 1024;

    /// <summary>What a domain, a policy or a kind of failure takes besides its texts.</summary>
    private const int Overhead = 64;

    private readonly Dictionary<string, DomainCounts> _domains = new(StringComparer.Ordinal);
    private readonly List<PendingReport> _pending = [];

    /// <summary>Today, as far as is known: the day (UTC) that sessions are counted for.</summary>
    internal DateOnly Day { get; private set; }

    /// <summary>The sessions of today, by domain.</summary>
    internal IReadOnlyDictionary<string, DomainCounts> Domains => _domains;

    /// <summary>The sessions of today that there was no room for.</summary>
    internal long Uncounted { get; private set; }

    /// <summary>What is owed.</summary>
    internal IReadOnlyList<PendingReport> Pending => _pending;

    /// <summary>Characters that all of it takes, roughly.</summary>
    internal long Octets { get; private set; }

    /// <summary>Begins with a day.</summary>
    /// <param name="day">The day.</param>
    /// <param name="uncounted">Its sessions that there was no room for.</param>
    internal void Begin(DateOnly day, long uncounted = 0) => (Day, Uncounted) = (day, uncounted);

    /// <summary>Counts sessions of today.</summary>
    /// <param name="domain">The domain, in lower case.</param>
    /// <param name="policy">What they were held to.</param>
    /// <param name="failure">Why they were not protected so; null when they were.</param>
    /// <param name="sessions">How many.</param>
    internal void Count(string domain, AppliedPolicy policy, SessionFailure? failure, long sessions = 1)
    {
        var hasRoom = (_domains.Count < MaxDomains || _domains.ContainsKey(domain)) && Octets + domain.Length + policy.Length + (2 * Overhead) <= MaxOctets;
        if (!hasRoom || !TryCount(Open(domain), policy, failure, sessions))
        {
            Uncounted += sessions;
        }
    }

    /// <summary>The sessions of a domain today, whether or not there is room for them.</summary>
    internal DomainCounts Open(string domain)
    {
        if (!_domains.TryGetValue(domain, out var counts))
        {
            Octets += Overhead + domain.Length;
            _domains.Add(domain, counts = new DomainCounts());
        }

        return counts;
    }

    /// <summary>Counts sessions of one domain; false when it had too many other policies.</summary>
    internal bool TryCount(DomainCounts counts, AppliedPolicy policy, SessionFailure? failure, long sessions)
    {
        if (counts.Of(policy, out var isNew) is not { } found)
        {
            return false;
        }

        Octets += isNew ? Overhead + policy.Length : 0;
        var kept = found.Add(failure, sessions);
        Octets += kept > 0 ? Overhead + kept : 0;
        return true;
    }

    /// <summary>Ends the day: a report is owed for each of its domains.</summary>
    /// <param name="next">The day that begins.</param>
    /// <param name="dueOf">When the report of a domain is to be sent.</param>
    internal void EndDay(DateOnly next, Func<string, DateTimeOffset> dueOf)
    {
        foreach (var (domain, counts) in _domains)
        {
            _pending.Add(new PendingReport(domain, Day, counts) { Due = dueOf(domain) });
        }

        _domains.Clear();
        (Day, Uncounted) = (next, 0);
    }

    /// <summary>Takes over a report that is owed.</summary>
    internal void Owe(PendingReport report)
    {
        _pending.Add(report);
        Octets += Overhead + report.Domain.Length;
    }

    /// <summary>It is owed no longer.</summary>
    internal void Forget(PendingReport report)
    {
        if (_pending.Remove(report))
        {
            Octets -= Overhead + report.Domain.Length + report.Counts.Policies.Sum(Weight);
        }
    }

    private static long Weight(PolicyCounts counts) => Overhead + counts.Policy.Length
        + counts.Failures.Select(each => each.Key.Host.Length + each.Key.Address.Length + each.Key.Reason.Length).Where(kept => kept > 0).Sum(kept => (long)Overhead + kept);
}
