namespace Postern.Loop;

/// <summary>Waits for work that a loop has adopted; used again for other work after its end.</summary>
internal sealed class AdoptedWork
{
    private readonly EventLoop _loop;
    private readonly Action _end;
    private ValueTask _work;

    internal AdoptedWork(EventLoop loop) => (_loop, _end) = (loop, End);

    /// <summary>Begins to wait.</summary>
    /// <param name="work">Not completed; nobody else takes its result.</param>
    internal void Begin(ValueTask work)
    {
        _work = work;
        work.GetAwaiter().UnsafeOnCompleted(_end);
    }

    private void End()
    {
        var done = _work;
        _work = default;
        _loop.TakeBack(done, this);
    }
}
