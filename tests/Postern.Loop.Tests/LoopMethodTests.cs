using System.Runtime.CompilerServices;

namespace Postern.Loop.Tests;

/// <summary>Methods that wait cost no memory once as many as wait at a time have waited before, and never mix their results up.</summary>
public sealed class LoopMethodTests
{
    private readonly Signal[] _signals = [.. Enumerable.Range(0, 20).Select(_ => new Signal())];

    [Fact]
    public void ManyThatWaitAtOnce_AllocateNothingAfterTheFirstTime()
    {
        var waiting = new Call<int>[_signals.Length];
        var before = 0L;
        for (var round = 0; round < 1000; round++)
        {
            before = round == 10 ? GC.GetAllocatedBytesForCurrentThread() : before;
            for (var i = 0; i < waiting.Length; i++)
            {
                waiting[i] = new Call<int>(AddAsync(_signals[i], i, round));
            }

            for (var i = 0; i < waiting.Length; i++)
            {
                SetTwice(_signals[i]);
            }

            for (var i = 0; i < waiting.Length; i++)
            {
                if (!waiting[i].IsOver || waiting[i].Take() != i + round)
                {
                    Assert.Fail($"{i} in round {round} is not over, or got another's result");
                }
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void ResultThatWasTaken_IsNobodysAnyMore()
    {
        var first = new Call<int>(AddAsync(_signals[0], 1, 2));
        SetTwice(_signals[0]);
        Assert.Equal(3, first.Take());
        Assert.Throws<InvalidOperationException>(() => first.Take());

        // The state is the next call's by now, and the old result must not be taken for its own.
        var second = new Call<int>(AddAsync(_signals[0], 10, 20));
        Assert.Throws<InvalidOperationException>(() => first.Take());
        Assert.Throws<InvalidOperationException>(() => first.IsOver);
        SetTwice(_signals[0]);
        Assert.Throws<InvalidOperationException>(() => first.Take());
        Assert.Equal(30, second.Take());
    }

    [Fact]
    public void ResultThatIsNotThereYet_CannotBeTaken()
    {
        var waiting = new Call<int>(AddAsync(_signals[0], 1, 2));
        Assert.Throws<InvalidOperationException>(() => waiting.Take());
        SetTwice(_signals[0]);
        Assert.Equal(3, waiting.Take());
    }

    [Fact]
    public void MethodThatReturnsAtOnce_HasItsResult() => Assert.Equal(7, new Call<int>(ReturnAsync(7)).Take());

    [Theory]
    [InlineData(true)] // Before anything was awaited.
    [InlineData(false)]
    public void WhatAMethodThrows_ReachesItsCaller(bool atOnce)
    {
        for (var round = 0; round < 3; round++)
        {
            var failing = new Call<bool>(ThrowAsync(atOnce, round));
            Assert.Equal(atOnce, failing.IsOver);
            _signals[0].Set();
            _signals[0].Clear();
            Assert.Equal($"ours {round}", Assert.Throws<InvalidOperationException>(() => failing.Take()).Message);
        }
    }

    [Fact]
    public async Task WaitsInsideOthers_GoOnInTheirOrder()
    {
        var order = new List<string>();
        var outer = OuterAsync(order);
        Assert.Empty(order);
        _signals[0].Set();
        Assert.Equal(["inner", "outer"], order);
        _signals[1].Set();
        await outer;
        Assert.Equal(["inner", "outer", "end"], order);
    }

    // What a method held (a session, a message) must not live as long as what is kept of it.
    [Fact]
    public void WhatAMethodHeld_IsLetGo()
    {
        var held = HoldSomething();
        GC.Collect();
        Assert.False(held.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference HoldSomething()
    {
        var something = new object();
        var holding = new Call<bool>(HoldAsync(something));
        _signals[0].Set();
        Assert.True(holding.Take());
        return new WeakReference(something);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<int> AddAsync(Signal signal, int one, int other)
    {
        await signal.WaitAsync();
        await signal.WaitAsync();
        return one + other;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private static async ValueTask<int> ReturnAsync(int value)
    {
        if (value < 0)
        {
            await new Signal().WaitAsync();
        }

        return value;
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> ThrowAsync(bool atOnce, int round)
    {
        if (!atOnce)
        {
            await _signals[0].WaitAsync();
        }

        throw new InvalidOperationException($"ours {round}");
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask OuterAsync(List<string> order)
    {
        await InnerAsync(order);
        order.Add("outer");
        await _signals[1].WaitAsync();
        order.Add("end");
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask InnerAsync(List<string> order)
    {
        await _signals[0].WaitAsync();
        order.Add("inner");
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    private async ValueTask<bool> HoldAsync(object something)
    {
        await _signals[0].WaitAsync();
        return something is not null;
    }

    private static void SetTwice(Signal signal)
    {
        signal.Set();
        signal.Set();
    }

    /// <summary>A call whose result is taken by hand.</summary>
    private readonly struct Call<T>(ValueTask<T> result)
    {
        internal bool IsOver => result.IsCompleted;

        internal T Take() => result.GetAwaiter().GetResult();
    }
}
