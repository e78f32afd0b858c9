using CsCheck;
using Postern.Queue.Schedule;

namespace Postern.Queue.Tests.Delivery;

/// <summary>When a recipient is tried again: first × (2n − 1), at most the longest, a tenth more or less.</summary>
public sealed class BackoffTests
{
    private static readonly Backoff _usual = new(TimeSpan.FromMinutes(5), TimeSpan.FromHours(4), TimeSpan.FromDays(5), TimeSpan.FromHours(4));

    [Theory]
    [InlineData(1, 300)]
    [InlineData(2, 900)]
    [InlineData(3, 1500)]
    [InlineData(24, 14_100)]
    // No wait is longer than four hours, however often it was tried.
    [InlineData(25, 14_400)]
    [InlineData(1000, 14_400)]
    [InlineData(65_535, 14_400)]
    public void Wait_GrowsByTwiceTheFirstUpToTheLongest(int attempts, int seconds)
    {
        Assert.InRange(_usual.SecondsAfter(attempts, 0), (uint)(seconds * 0.9) - 1, (uint)(seconds * 0.9));
        Assert.InRange(_usual.SecondsAfter(attempts, 0.5), (uint)seconds - 1, (uint)seconds);
        Assert.InRange(_usual.SecondsAfter(attempts, 0.999_999), (uint)(seconds * 1.1) - 1, (uint)(seconds * 1.1));
    }

    [Fact]
    public void AnyWait_IsAtLeastASecondAndWithinATenth() =>
        Gen.Select(Gen.Int[1, 65_535], Gen.Int[1, 86_400], Gen.Double[0, 0.999_999]).Sample((attempts, first, chance) =>
        {
            var backoff = _usual with { First = TimeSpan.FromSeconds(first) };
            var plain = Math.Min(first * ((2.0 * attempts) - 1), 14_400);
            Assert.InRange(backoff.SecondsAfter(attempts, chance), (uint)Math.Max(1, Math.Floor(plain * 0.9)), (uint)Math.Ceiling(plain * 1.1));
        });

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(14_399, false, false)]
    [InlineData(14_400, true, false)]
    [InlineData(431_999, true, false)]
    [InlineData(432_000, true, true)]
    public void Age_MakesLateAndThenOver(long age, bool isLate, bool isOver)
    {
        Assert.Equal((isLate, isOver), (_usual.IsLate(1000, 1000 + age), _usual.IsExpired(1000, 1000 + age)));
        Assert.False((_usual with { WarnAfter = TimeSpan.Zero }).IsLate(1000, 1000 + age));
    }
}
