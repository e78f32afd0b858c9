using System.Text;

namespace Postern.Sts.Tests.Cache;

/// <summary>How long a policy holds.</summary>
public sealed class EntryTests
{
    private static readonly DateTimeOffset _fetched = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    // A week, from the first second to the last.
    [InlineData(604800, 0, true)]
    [InlineData(604800, 604799, true)]
    [InlineData(604800, 604800, false)]
    [InlineData(604800, 100_000_000, false)]
    // A clock that was put back by less than a day, and by more.
    [InlineData(604800, -1, true)]
    [InlineData(604800, -86400, true)]
    [InlineData(604800, -86401, false)]
    [InlineData(604800, -100_000_000, false)]
    // Never by more than the policy's own age.
    [InlineData(60, -60, true)]
    [InlineData(60, -61, false)]
    [InlineData(1, 0, true)]
    [InlineData(1, 1, false)]
    // What is good for no time is good for none.
    [InlineData(0, 0, false)]
    [InlineData(0, -1, false)]
    [InlineData(0, 1, false)]
    public void APolicy_HoldsForItsAge_AndNotLongerForAClockThatWasPutBack(int maxAge, int seconds, bool fresh) =>
        Assert.Equal(fresh, Entry(maxAge).IsFreshAt(_fetched.AddSeconds(seconds)));

    [Fact]
    public void TheEndsOfTime_AreTimesToo()
    {
        Assert.False(Entry(60).IsFreshAt(DateTimeOffset.MinValue));
        Assert.False(Entry(60).IsFreshAt(DateTimeOffset.MaxValue));
        Assert.False((Entry(60) with { Fetched = DateTimeOffset.MaxValue }).IsFreshAt(DateTimeOffset.MinValue));
        Assert.True((Entry(60) with { Fetched = DateTimeOffset.MaxValue }).IsFreshAt(DateTimeOffset.MaxValue));
    }

    private static StsEntry Entry(int maxAge)
    {
        Assert.True(StsPolicy.TryParse(Encoding.ASCII.GetBytes($"version: STSv1\nmode: none\nmax_age: {maxAge}\n"), out var policy));
        return new StsEntry("a.test", "1", _fetched, policy);
    }
}
