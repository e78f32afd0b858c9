namespace Postern.Role.Tests;

/// <summary>A clock that stands still at one moment.</summary>
internal sealed class ManualClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(2026, 3, 1, 12, 34, 56, 789, TimeSpan.Zero);
}
