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

    internal LoopTimer(EventLoop loop, Action elapsed)
    {
        _loop = loop;
        _elapsed = elapsed;
    }

    /// <summary>True while a moment is set.</summary>
    public bool IsSet => _due != long.MaxValue;

    /// <summary>When the loop looks at this timer again: its moment, or an earlier one from which it was moved away.</summary>
    internal long LookAt { get; private set; }

    /// <summary>The loop's <see cref="EventLoop.TimerPass"/> when it was put into the heap.</summary>
    internal long SetInPass { get; private set; }

    /// <summary>Where it stands in the heap; −1 outside.</summary>
    internal int Place { get; set; } = -1;

    /// <summary>Sets or moves the moment to this long from now.</summary>
    public void Set(TimeSpan fromNow)
    {
        _due = checked(_loop.Now + Math.Max(fromNow.Ticks, 0));
        if (Place < 0)
        {
            (LookAt, SetInPass) = (_due, _loop.TimerPass);
            _loop.Timers.Add(this);
        }
        else if (_due < LookAt)
        {
            LookAt = _due;
            _loop.Timers.Rise(this);
        }
    }

    /// <summary>Unsets the moment; the loop forgets the timer.</summary>
    public void Unset()
    {
        _due = long.MaxValue;
        if (Place >= 0) _loop.Timers.Remove(this);
    }

    /// <summary>The loop has come to <see cref="LookAt"/>: fire, or wait for the moment that was set since.</summary>
    internal void Reach(long now)
    {
        if (_due > now)
        {
            LookAt = _due;
            _loop.Timers.Sink(this);
            return;
        }

        Unset();
        _elapsed();
    }
}
