namespace Postern.Supervisor.Tests;

/// <summary>How soon a program that died is started again.</summary>
public sealed class RestartPolicyTests
{
    private readonly RestartPolicy _policy = new();
    private TimeSpan _now = TimeSpan.FromDays(3);

    [Fact]
    public void TheFirstDeaths_AreAnsweredAtOnce()
    {
        for (var i = 0; i < RestartPolicy.Free; i++)
        {
            Assert.Equal(TimeSpan.Zero, _policy.AfterDeath(_now));
        }

        Assert.True(_policy.AfterDeath(_now) > TimeSpan.Zero);
    }

    [Fact]
    public void PausesGrow_UpToALongestOne()
    {
        var pauses = Storm().Skip(RestartPolicy.Free).ToList();
        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal(TimeSpan.FromMilliseconds(250), pauses[0]);
        Assert.Equal(TimeSpan.FromSeconds(8), pauses[^1]);
    }

    [Fact]
    public void AStormOfDeaths_EndsInGivingUp()
    {
        Assert.Equal(RestartPolicy.MaxDeaths, Storm().Count());
        Assert.Null(_policy.AfterDeath(_now));
    }

    [Fact]
    public void RareDeaths_NeverAddUp()
    {
        for (var i = 0; i < 10 * RestartPolicy.MaxDeaths; i++)
        {
            Assert.Equal(TimeSpan.Zero, _policy.AfterDeath(_now));
            _now += TimeSpan.FromMinutes(1);
        }
    }

    [Fact]
    public void AQuietTime_ForgivesAStorm()
    {
        _ = Storm().Count();
        _now += TimeSpan.FromMinutes(2) + TimeSpan.FromTicks(1);
        Assert.Equal(TimeSpan.Zero, _policy.AfterDeath(_now));
    }

    /// <summary>A program that dies as soon as it is started; the pauses until posternd gives up.</summary>
    private IEnumerable<TimeSpan> Storm()
    {
        while (_policy.AfterDeath(_now) is { } pause)
        {
            _now += pause;
            yield return pause;
        }
    }
}
