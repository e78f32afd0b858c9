using System.Threading.Tasks.Sources;

namespace Postern.Loop;

/// <summary>Something that one waiter on the loop's thread can await again and again without allocation.</summary>
/// <remarks>
/// A signal given while nobody waits is kept: edge-triggered readiness must not be lost between a call that would have
/// blocked and the await that follows it. Continuations run inside <see cref="Set"/>, on the loop's thread.
/// </remarks>
public sealed class Signal : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _core;
    private bool _waiting;
    private bool _kept;

    /// <summary>True while somebody awaits.</summary>
    public bool HasWaiter => _waiting;

    /// <summary>Waits for the next signal; true when it was <see cref="Set"/>, false when the wait was cancelled.</summary>
    /// <exception cref="InvalidOperationException">Two waiters: our own bug.</exception>
    public ValueTask<bool> WaitAsync()
    {
        if (_waiting)
        {
            throw new InvalidOperationException("A signal has one waiter.");
        }

        if (_kept)
        {
            _kept = false;
            return new ValueTask<bool>(true);
        }

        _core.Reset();
        _waiting = true;
        return new ValueTask<bool>(this, _core.Version);
    }

    /// <summary>Wakes the waiter, or is kept for the next one.</summary>
    public void Set()
    {
        if (!_waiting)
        {
            _kept = true;
            return;
        }

        _waiting = false;
        _core.SetResult(true);
    }

    /// <summary>Forgets a kept signal.</summary>
    public void Clear() => _kept = false;

    /// <summary>Wakes the waiter, if any, with false: its time is up or its object is gone.</summary>
    public void Cancel()
    {
        if (_waiting)
        {
            _waiting = false;
            _core.SetResult(false);
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags & ~ValueTaskSourceOnCompletedFlags.UseSchedulingContext);
}
