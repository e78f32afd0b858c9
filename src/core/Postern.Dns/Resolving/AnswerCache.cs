using System.Diagnostics.CodeAnalysis;
using Postern.Dns.Wire;

namespace Postern.Dns.Resolving;

/// <summary>Remembers answers for as long as they say, within bounds; the one that was not used for the longest makes room.</summary>
/// <remarks>
/// Outcomes for a name and type only: nothing that came along with an answer is remembered under another name. Not safe for
/// several threads.
/// </remarks>
public sealed class AnswerCache(TimeProvider clock, int capacity = AnswerCache.DefaultCapacity)
{
    /// <summary>Answers kept. The resolver next door has a real cache; this one spares the exchange for a burst to one domain.</summary>
    public const int DefaultCapacity = 1024;

    /// <summary>Octets (roughly) of the largest answer that is kept, so that the whole stays below 16 MiB. Arbitrary.</summary>
    internal const int MaxWeight = 16 * 1024;

    /// <summary>An answer with a time to live of zero is still good for the mail that is being sent (RFC 1035 §3.2.1 says: for the transaction in progress).</summary>
    internal static readonly TimeSpan MinLifetime = TimeSpan.FromSeconds(1);

    /// <summary>Arbitrary: so that a mistaken day-long entry is gone from here soon after it is gone from the resolver.</summary>
    internal static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(1);

    /// <summary>For "no", which mail is bounced upon: below the 1 to 3 hours that RFC 2308 §5 finds sensible.</summary>
    internal static readonly TimeSpan MaxNegativeLifetime = TimeSpan.FromMinutes(5);

    /// <summary>For failures: RFC 9520 §3.2 demands at least 1 second, so that they are not asked for again and again.</summary>
    internal static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(5);

    private readonly Dictionary<DnsQuestion, LinkedListNode<Entry>> _entries = [];

    // The one used last stands first.
    private readonly LinkedList<Entry> _byUse = [];

    public int Count => _entries.Count;

    public bool TryGet(DnsQuestion question, [NotNullWhen(true)] out Resolution? resolution)
    {
        resolution = null;
        if (!_entries.TryGetValue(question, out LinkedListNode<Entry>? node))
            return false;
        if (clock.GetElapsedTime(node.Value.Since) >= node.Value.Lifetime)
        {
            Remove(node);
            return false;
        }
        _byUse.Remove(node);
        _byUse.AddFirst(node);
        resolution = node.Value.Resolution;
        return true;
    }

    /// <summary>Remembers an outcome in place of an earlier one, unless it is not to be remembered or too large.</summary>
    public void Add(DnsQuestion question, Resolution resolution)
    {
        if (_entries.TryGetValue(question, out LinkedListNode<Entry>? earlier))
            Remove(earlier);
        TimeSpan lifetime = LifetimeOf(resolution);
        if (lifetime == TimeSpan.Zero || IsTooHeavy(resolution))
            return;
        if (_entries.Count >= capacity)
            Remove(_byUse.Last!);
        _entries.Add(question, _byUse.AddFirst(new Entry(question, resolution, clock.GetTimestamp(), lifetime)));
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _entries.Remove(node.Value.Question);
        _byUse.Remove(node);
    }

    private static TimeSpan LifetimeOf(Resolution resolution)
    {
        if (resolution is Resolution.Unavailable)
            return FailureLifetime;
        TimeSpan said = TimeSpan.FromSeconds(resolution.TimeToLive);
        if (resolution is Resolution.Found)
            return said < MinLifetime ? MinLifetime : said > MaxLifetime ? MaxLifetime : said;
        return said > MaxNegativeLifetime ? MaxNegativeLifetime : said;
    }

    private static bool IsTooHeavy(Resolution resolution)
    {
        if (resolution is not Resolution.Found found)
            return false;
        long weight = 0;
        foreach (DnsRecord record in found.Records)
            weight += record.Weight;
        return weight > MaxWeight;
    }

    private sealed record Entry(DnsQuestion Question, Resolution Resolution, long Since, TimeSpan Lifetime);
}
