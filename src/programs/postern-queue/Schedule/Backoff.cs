namespace Postern.Queue.Schedule;

/// <summary>When a recipient that could not be served is tried again, and when it is given up.</summary>
/// <param name="First">The first wait.</param>
/// <param name="Longest">No wait is longer.</param>
/// <param name="Expire">A message's life.</param>
/// <param name="WarnAfter">When its sender is told of the delay; zero never.</param>
internal sealed record Backoff(TimeSpan First, TimeSpan Longest, TimeSpan Expire, TimeSpan WarnAfter)
{
    /// <summary>The wait before attempt n + 1: first × (2n − 1), at most the longest, ± 10 %.</summary>
    /// <param name="attempts">Attempts made so far, at least one.</param>
    /// <param name="chance">A number from 0 up to 1 that decides the jitter: retries of a burst must not come back as a burst.</param>
    /// <returns>Whole seconds, at least one.</returns>
    internal uint SecondsAfter(int attempts, double chance)
    {
        var steps = Math.Min((2L * attempts) - 1, 1_000_000);
        var wait = Math.Min(First.TotalSeconds * steps, Longest.TotalSeconds);
        return (uint)Math.Max(1, wait * (0.9 + (0.2 * chance)));
    }

    /// <summary>True when a message that arrived then is too old now.</summary>
    internal bool IsExpired(long arrived, long now) => now - arrived >= (long)Expire.TotalSeconds;

    /// <summary>True when its sender should hear of the delay now.</summary>
    internal bool IsLate(long arrived, long now) => WarnAfter > TimeSpan.Zero && now - arrived >= (long)WarnAfter.TotalSeconds;
}
