using System.Runtime.CompilerServices;

namespace Postern.Loop.Tests;

/// <summary>Work that runs by itself ends the program when it fails, whenever that is.</summary>
public sealed class AdoptedWorkTests : IDisposable
{
    private readonly EventLoop _loop = new(TimeProvider.System);

    [Fact]
    public void WorkThatFailedBeforeTheFirstTurn_IsNotWaitedWith()
    {
        _loop.Adopt(Task.FromException(new InvalidOperationException("ours")));
        Assert.Contains("ours", Assert.Throws<AggregateException>(_loop.Run).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WorkThatFailsLater_EndsTheRun()
    {
        var work = new TaskCompletionSource();
        _loop.Adopt(work.Task);
        var timer = _loop.CreateTimer(() => work.SetException(new InvalidOperationException("ours")));
        timer.Set(TimeSpan.Zero);
        Assert.Contains("ours", Assert.Throws<AggregateException>(_loop.Run).Message, StringComparison.Ordinal);
    }

    // The end of a turn may make durable what the failed work left half done.
    [Fact]
    public void WorkThatFails_EndsTheTurnToo()
    {
        var work = new TaskCompletionSource();
        var ended = new CountedEnd();
        _loop.Adopt(work.Task);
        _loop.CreateTimer(() =>
        {
            _loop.AtTurnEnd(ended);
            work.SetException(new InvalidOperationException("ours"));
        }).Set(TimeSpan.Zero);
        Assert.Throws<AggregateException>(_loop.Run);
        Assert.Equal(0, ended.Count);
    }

    // The same for work that is no task: how a loop's own methods return.
    [Theory]
    [InlineData(true)] // Before it was adopted.
    [InlineData(false)]
    public void MethodThatFails_EndsTheRun(bool atOnce)
    {
        var signal = new Signal();
        if (atOnce)
        {
            signal.Set();
        }

        _loop.Adopt(FailAsync(signal));
        _loop.CreateTimer(signal.Set).Set(TimeSpan.Zero);
        Assert.Contains("ours", Assert.Throws<AggregateException>(_loop.Run).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MethodsThatEndWell_CostNothingAfterTheFirst()
    {
        var signal = new Signal();
        var before = 0L;
        for (var round = 0; round < 1000; round++)
        {
            before = round == 10 ? GC.GetAllocatedBytesForCurrentThread() : before;
            _loop.Adopt(WaitAsync(signal));
            signal.Set();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        var timer = _loop.CreateTimer(_loop.Stop);
        timer.Set(TimeSpan.Zero);
        _loop.Run();
    }

    [Fact]
    public void WorkThatEndsWell_IsNoReasonToStop()
    {
        _loop.Adopt(Task.CompletedTask);
        var timer = _loop.CreateTimer(_loop.Stop);
        timer.Set(TimeSpan.Zero);
        _loop.Run();
    }

    public void Dispose() => _loop.Dispose();

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask FailAsync(Signal signal)
    {
        await signal.WaitAsync();
        throw new InvalidOperationException("ours");
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private static async ValueTask WaitAsync(Signal signal) => await signal.WaitAsync();

    private sealed class CountedEnd : ITurnEnd
    {
        internal int Count { get; private set; }

        public void OnTurnEnd() => Count++;
    }
}
