using System.Globalization;

namespace Postern.Queue.Tests.Simulation;

/// <summary>
/// The queue's own logic on a simulated disk and clock, with random partners, administrators, disk faults and crashes: what
/// was promised is there or delivered, byte for byte, whatever happens when.
/// </summary>
/// <remarks>POSTERN_SEEDS=FIRST:COUNT runs other seeds than the usual; a failing seed is named and replays by FIRST:1.</remarks>
public sealed class SimulationTests
{
    private const int MemorySeeds = 500;

    public static TheoryData<string> Bugs => new(Enum.GetNames<PlantedBug>().Where(name => name != nameof(PlantedBug.None)));

    [Fact]
    public void WhateverHappens_NoPromiseIsBroken()
    {
        var (first, count) = Seeds();
        string? failure = null;
        Parallel.For(first, first + count, (seed, loop) =>
        {
            if (Try(seed, new SimWorld(seed, withTrace: count == 1)) is { } found)
            {
                failure = found;
                loop.Stop();
            }
        });
        // Assert.Null would cut the trace short.
        Assert.True(failure is null, failure);
    }

    // Nothing tears here: a commit that fails is there as a whole or not at all, and what the queue makes of it is the same.
    [Fact]
    public void WhateverHappens_NoPromiseIsBroken_OnALogInMemory()
    {
        string? failure = null;
        Parallel.For(1, 1 + MemorySeeds, (seed, loop) =>
        {
            if (Try(seed, new SimWorld(seed, inMemory: true)) is { } found)
            {
                failure = found;
                loop.Stop();
            }
        });
        Assert.True(failure is null, failure);
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public void PlantedBug_IsFound(string name)
    {
        var bug = Enum.Parse<PlantedBug>(name);
        var found = 0;
        Parallel.For(1, 4000, (seed, loop) =>
        {
            if (Try(seed, new SimWorld(seed, bug)) is not null)
            {
                Interlocked.Exchange(ref found, seed);
                loop.Stop();
            }
        });
        Assert.True(found > 0, $"no seed finds {bug}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{bug} was found by seed {found}");
    }

    /// <summary>Runs one seed; returns what is wrong, and how to see it again.</summary>
    private static string? Try(int seed, SimWorld world)
    {
        using var disposed = world;
        try
        {
            world.Run();
            return null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return $"POSTERN_SEEDS={seed}:1 fails: {failure}\n{world.Trace}";
        }
    }

    private static (int First, int Count) Seeds()
    {
        if (Environment.GetEnvironmentVariable("POSTERN_SEEDS") is not { } asked)
        {
            return (1, 10_000);
        }

        var parts = asked.Split(':');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
