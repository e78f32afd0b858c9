using System.Text;
using Postern.Dns.Resolving;
using Postern.Dns.Wire;
using Postern.Loop;
using Postern.Role.Logging;
using Postern.Sts;

namespace Postern.Remote.Protection.Sts;

/// <summary>The policies of domains (MTA-STS, RFC 8461): found out when mail goes there, and kept for as long as they say.</summary>
/// <remarks>Not safe for several threads.</remarks>
internal sealed class StsBook
{
    /// <summary>Octets of all policies together. Arbitrary: an ordinary one has 200, one can have 64 KiB, and strangers write them.</summary>
    internal const int MaxOctets = 16 * 1024 * 1024;

    /// <summary>After an answer, and after none, a domain is left alone for so long (RFC 8461 §3.3).</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(5);

    /// <summary>A policy that is older is looked at again, so that one in use does not come to its end (RFC 8461 §3.3).</summary>
    private static readonly TimeSpan _refresh = TimeSpan.FromDays(1);

    private readonly Dictionary<string, StsEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTimeOffset At, FetchFault Fault)> _failures = new(StringComparer.Ordinal);
    private readonly SharedWork<(string Domain, string Id), StsPolicy?> _fetching;
    private readonly INameResolver _names;
    private readonly IPolicyFetch _fetch;
    private readonly TimeProvider _time;
    private readonly EventLog _log;
    private long _octets;

    internal StsBook(INameResolver names, IPolicyFetch fetch, TimeProvider time, EventLog log)
    {
        (_names, _fetch, _time, _log) = (names, fetch, time, log);
        _fetching = new SharedWork<(string Domain, string Id), StsPolicy?>(FetchAsync);
    }

    /// <summary>Called when what is kept has changed.</summary>
    internal Action Changed { get; init; } = static () => { };

    /// <summary>What is kept.</summary>
    internal IReadOnlyCollection<StsEntry> Entries => _entries.Values;

    /// <summary>Takes over what was kept before.</summary>
    internal void Restore(IEnumerable<StsEntry> entries)
    {
        foreach (var entry in entries.Where(entry => entry.IsFreshAt(_time.GetUtcNow())))
        {
            Keep(entry);
        }
    }

    /// <summary>The policy of a domain that holds now; null when it has none, or none that could be got.</summary>
    internal ValueTask<StsPolicy?> FindAsync(string domain) => FindSmallAsync(domain.ToLowerInvariant());

    /// <summary>Why no policy of the domain, in lower case, could be got a moment ago; null when none was asked for, or it could.</summary>
    internal FetchFault? LastFault(string domain) =>
        _failures.TryGetValue(domain, out var failed) && _time.GetUtcNow() is var now && now >= failed.At && now - failed.At < _pause ? failed.Fault : null;

    private async ValueTask<StsPolicy?> FindSmallAsync(string domain)
    {
        var known = Known(domain);
        // Without a record, or when nobody can tell it, what is known still holds: else whoever suppresses the record could switch
        // the policy off (RFC 8461 §5.1).
        if (await IdOfAsync(domain) is not { } id || (known?.Id == id && _time.GetUtcNow() - known.Fetched < RefreshOf(known)))
        {
            return known?.Policy;
        }

        return await _fetching.GetAsync((domain, id)) ?? known?.Policy;
    }

    private StsEntry? Known(string domain) => _entries.TryGetValue(domain, out var entry) && entry.IsFreshAt(_time.GetUtcNow()) ? entry : null;

    private static TimeSpan RefreshOf(StsEntry entry) => entry.Policy.MaxAge / 2 < _refresh ? entry.Policy.MaxAge / 2 : _refresh;

    private async ValueTask<string?> IdOfAsync(string domain)
    {
        // Underscores are no part of a domain of mail (RFC 5321 §4.1.2), and what is kept has none.
        if (domain.Contains('_', StringComparison.Ordinal)
            || !DnsName.TryParse(Encoding.ASCII.GetBytes(domain), out var owner) || !owner.IsHostName
            || !owner.TryPrepend("_mta-sts"u8, out var name))
        {
            return null;
        }

        return await _names.ResolveAsync(new DnsQuestion(name, DnsType.Txt)) is Resolution.Found found
            && StsRecord.TryParse([.. found.Records.OfType<TextRecord>().Select(record => record.Text)], out var id) ? id : null;
    }

    private async ValueTask<StsPolicy?> FetchAsync((string Domain, string Id) wanted)
    {
        var (domain, id) = wanted;
        if (LastFault(domain) is not null)
        {
            return null;
        }

        // Whatever its id, and although it may be over: else whoever has mail sent to a domain of his, message by message, has us knock as
        // often at whatever host its name leads to.
        if (_entries.TryGetValue(domain, out var last) && _time.GetUtcNow() - last.Fetched is var age && age >= TimeSpan.Zero && age < _pause)
        {
            return last.Policy;
        }

        var (policy, problem, fault) = await _fetch.FetchAsync(domain);
        if (policy is null)
        {
            Fail(domain, problem!, fault);
            return null;
        }

        _failures.Remove(domain);
        Keep(new StsEntry(domain, id, _time.GetUtcNow(), policy));
        Changed();
        return policy;
    }

    private void Fail(string domain, string problem, FetchFault fault)
    {
        if (_failures.Count >= StsCacheText.MaxEntries)
        {
            _failures.Clear();
        }

        _failures[domain] = (_time.GetUtcNow(), fault);
        _log.Warning("sts-policy-missing").Quoted("domain", Encoding.ASCII.GetBytes(domain)).Quoted("why", problem).Write();
    }

    private void Keep(StsEntry entry)
    {
        Drop(entry.Domain);
        _entries.Add(entry.Domain, entry);
        _octets += entry.Policy.Source.Length;
        while (_octets > MaxOctets)
        {
            // The longest: else some hundred domains of a stranger would make the policies of all others be forgotten.
            Drop(_entries.Values.MinBy(static each => (-each.Policy.Source.Length, each.Fetched))!.Domain);
        }

        while (_entries.Count > StsCacheText.MaxEntries)
        {
            Drop(_entries.Values.MinBy(each => each.Fetched)!.Domain);
        }
    }

    private void Drop(string domain)
    {
        if (_entries.Remove(domain, out var entry))
        {
            _octets -= entry.Policy.Source.Length;
        }
    }
}
