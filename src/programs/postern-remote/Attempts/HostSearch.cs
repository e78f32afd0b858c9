using System.Diagnostics.CodeAnalysis;
using Postern.Mail;
using Postern.Remote.Hops;

namespace Postern.Remote.Attempts;

/// <summary>The hosts of one attempt, each tried once, and why none of them took the message so far.</summary>
internal sealed class HostSearch
{
    private DeliveryResult? _failure;
    private int _next;

    /// <summary>Where the hop is; looked up once, so that an address that was judged is the address that is connected to.</summary>
    internal HopResolution? Resolution { get; set; }

    /// <summary>What to tell when no host is left.</summary>
    internal DeliveryResult? Failure => _failure ?? Resolution?.Failure;

    /// <summary>Takes the next host.</summary>
    internal bool TryNext([NotNullWhen(true)] out HopTarget? target)
    {
        target = _next < Resolution!.Targets.Count ? Resolution.Targets[_next++] : null;
        return target is not null;
    }

    /// <summary>The last host did not do it.</summary>
    internal void Note(DeliveryResult failure)
    {
        // Refused for good counts only when nobody said "later": another of the hosts may take it then.
        _failure = _failure is { Outcome: DeliveryOutcome.Temporary } ? _failure : failure;
    }

    /// <summary>The last host did well and wants a fresh connection for the rest.</summary>
    internal void StayIf(bool again) => _next -= again && _next > 0 ? 1 : 0;
}
