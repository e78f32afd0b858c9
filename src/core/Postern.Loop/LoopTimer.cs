namespace Postern.Loop;

/// <summary>Calls back once at a moment that can be moved as often as one likes at no cost.</summary>
/// <remarks>
/// Moving a deadline further away only writes a field; the loop finds out when the earlier moment comes and puts the timer
/// back. That is what a mail session does with every command, so it has to be cheap.
/// </remarks>
public sealed class LoopTimer
{
    private readonly EventLoop _loop;
    private readonly Action _elapsed;
    private long _due = long.MaxValue;
    private long _queuedFor = long.MaxValue;

    internal LoopTimer(EventLoop loop, Action elapsed)
    {
        _loop = loop;
        _elapsed = elapsed;
    }

    /// <summary>True while a moment is set.</summary>
    public bool IsSet => _due != long.MaxValue;

    /// <summary>Sets or moves the moment to this long from now.</summary>
    public void Set(TimeSpan fromNow)
    {
        _due = checked(_loop.Now + Math.Max(fromNow.Ticks, 0));
        if (_due < _queuedFor)
        {
            _queuedFor = _due;
            _loop.Enqueue(this, _due);
        }
    }

    /// <summary>Unsets the moment.</summary>
    public void Unset() => _due = long.MaxValue;

    /// <summary>The loop reached an entry of this timer: fire, put back, or ignore a stale one.</summary>
    internal void Reach(long entry, long now)
    {
        if (entry != _queuedFor)
        {
            return; // An earlier entry of this timer has taken over.
        }

        _queuedFor = long.MaxValue;
        if (_due == long.MaxValue)
        {
            return;
        }

        if (_due > now)
        {
            _queuedFor = _due;
            _loop.Enqueue(this, _due);
            return;
        }

        _due = long.MaxValue;
        _elapsed();
    }
}
