namespace Postern.Sts;

/// <summary>A policy as it is kept: whose it is, and since when.</summary>
/// <param name="Domain">The policy domain, in lower case.</param>
/// <param name="Id">What the domain's record called the policy when it was fetched.</param>
/// <param name="Fetched">When it was fetched.</param>
/// <param name="Policy">The policy.</param>
public sealed record StsEntry(string Domain, string Id, DateTimeOffset Fetched, StsPolicy Policy)
{
    /// <summary>How far the clock may stand before the time of fetching. Arbitrary: a clock that was set by the wrong time
    /// zone is off by less.</summary>
    public static readonly TimeSpan MaxStepBack = TimeSpan.FromDays(1);

    /// <summary>True while the policy holds (RFC 8461 §3.2): less than its age from when it was fetched.</summary>
    /// <remarks>
    /// A clock that was put back stands before the time of fetching. By a little, the policy holds on: dropping it would hand
    /// the mail to whoever keeps us from fetching it anew. By more, the time of fetching was wrong, and would let the
    /// policy outlive its age by as much; so it holds no more. A clock that goes back makes the policy last at most twice
    /// its age, and at most a day longer than it.
    /// </remarks>
    public bool IsFreshAt(DateTimeOffset now)
    {
        var age = now - Fetched;
        var stepBack = Policy.MaxAge < MaxStepBack ? Policy.MaxAge : MaxStepBack;
        return age < Policy.MaxAge && age >= -stepBack;
    }
}
