using System.Globalization;
using Postern.Ipc.Delivery;
using Postern.Remote.Hops;
using Postern.Role.Logging;

namespace Postern.Remote.Protection.Seen;

/// <summary>Remembers which destinations had TLS: of one that has none any more, somebody may be in between who takes it away (C6).</summary>
/// <remarks>
/// Mail for it waits then. Whoever is in between for an hour gets nothing; a server that has lost its TLS for good gets its mail after the
/// hold, since else it would come back to its sender, and nobody ever asked this server for TLS. It is the destination that is remembered and
/// not a host: who can take TLS from one of a domain's hosts can take it from the others, too. Not safe for several threads.
/// </remarks>
internal sealed class TlsMemory
{
    /// <summary>Destinations that are remembered, the latest. Arbitrary: some megabytes.</summary>
    internal const int MaxTraces = 50_000;

    /// <summary>What was seen so long ago says nothing any more. Arbitrary.</summary>
    internal static readonly TimeSpan MaxAge = TimeSpan.FromDays(180);

    // So that not each session is a change.
    private static readonly TimeSpan _grain = TimeSpan.FromDays(1);

    private readonly Dictionary<string, TlsTrace> _traces = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly EventLog _log;

    internal TlsMemory(TimeProvider time, EventLog log) => (_time, _log) = (time, log);

    /// <summary>How long mail waits for TLS to come back.</summary>
    internal TimeSpan Hold { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Called when what is kept has changed.</summary>
    internal Action Changed { get; init; } = static () => { };

    /// <summary>What is kept.</summary>
    internal IReadOnlyCollection<TlsTrace> Traces => _traces.Values;

    /// <summary>Takes over what was kept before.</summary>
    internal void Restore(IEnumerable<TlsTrace> traces)
    {
        foreach (var trace in traces.Where(IsRecent))
        {
            Keep(trace);
        }
    }

    /// <summary>Why a connection to a hop must be within TLS, in words; null when it need not be.</summary>
    internal string? Demand(Hop hop)
    {
        if (!_traces.TryGetValue(NameOf(hop), out var trace) || !IsRecent(trace))
        {
            return null;
        }

        var now = _time.GetUtcNow();
        var since = trace.Lost is { } lost && lost <= now ? lost : now;
        return now - since >= Hold ? null
            : string.Create(CultureInfo.InvariantCulture, $"{trace.Destination} had it before; mail waits for it until {since + Hold:yyyy-MM-dd HH:mm} UTC");
    }

    /// <summary>A session within TLS has begun.</summary>
    internal void HasTls(Hop hop)
    {
        var name = NameOf(hop);
        var now = _time.GetUtcNow();
        if (name.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return; // Nothing that could be kept.
        }

        var known = _traces.GetValueOrDefault(name);
        if (known?.Lost is not null)
        {
            _log.Info("tls-back").Quoted("destination", name).Write();
        }

        if (known is null || known.Lost is not null || now - known.Seen >= _grain)
        {
            Keep(new TlsTrace(name, now, null));
            Changed();
        }
    }

    /// <summary>No session has begun, since there was no TLS and it was demanded here.</summary>
    internal void LacksTls(Hop hop)
    {
        var now = _time.GetUtcNow();
        // A loss in the future is one that a clock that was ahead has noted: it would hold mail until then.
        if (_traces.TryGetValue(NameOf(hop), out var trace) && (trace.Lost is not { } lost || lost > now))
        {
            Keep(trace with { Lost = now });
            _log.Warning("tls-lost").Quoted("destination", trace.Destination).Number("hold", (long)Hold.TotalSeconds).Write();
            Changed();
        }
    }

    /// <summary>A session in the clear has begun: what was remembered is over.</summary>
    internal void IsClear(Hop hop)
    {
        if (_traces.Remove(NameOf(hop), out var trace))
        {
            _log.Warning("tls-forgotten").Quoted("destination", trace.Destination).Write();
            Changed();
        }
    }

    private static string NameOf(Hop hop) => hop.Kind == HopKind.Exchangers
        ? hop.Destination.ToLowerInvariant() : string.Create(CultureInfo.InvariantCulture, $"{hop.Destination.ToLowerInvariant()}:{hop.Port}");

    private bool IsRecent(TlsTrace trace) => _time.GetUtcNow() - trace.Seen < MaxAge;

    private void Keep(TlsTrace trace)
    {
        _traces[trace.Destination] = trace;
        if (_traces.Count > MaxTraces)
        {
            _traces.Remove(_traces.Values.MinBy(static each => each.Seen)!.Destination);
        }
    }
}
