using Postern.Posix;
using Postern.Posix.Polling;

namespace Postern.Loop;

/// <summary>One thread that waits for descriptors and moments and runs whatever they wake.</summary>
/// <remarks>
/// Everything that belongs to a loop runs on its thread, so nothing of it needs a lock. A turn is: take the kernel's
/// reports, run what they woke, run the timers that are due, then run what asked for the end of the turn (flushing what
/// gathered meanwhile, committing a batch).
/// </remarks>
public sealed class EventLoop : IDisposable
{
    /// <summary>Kept for work that is adopted next. Arbitrary: more than begins and ends in one turn.</summary>
    private const int MaxSpareAdoptions = 256;

    private readonly EventPoll _poll = EventPoll.Open();
    private readonly PollEvent[] _events = new PollEvent[EventPoll.MaxEvents];
    private readonly TimeProvider _time;
    private WatchedDescriptor?[] _watched = new WatchedDescriptor?[64];
    private uint[] _generations = new uint[64];
    private readonly Stack<int> _freeSlots = new();
    private int _slots;
    private List<ITurnEnd> _turnEnds = [];
    private List<ITurnEnd> _turnEndsRunning = [];
    private readonly Stack<AdoptedWork> _spareAdoptions = new();
    private AggregateException? _failure;
    private bool _stopped;

    /// <summary>Opens a loop.</summary>
    /// <param name="time">The clock; its timestamps drive the timers.</param>
    public EventLoop(TimeProvider time)
    {
        _time = time;
        Now = ReadClock();
    }

    /// <summary>The clock that came in.</summary>
    public TimeProvider Time => _time;

    /// <summary>Monotonic time in ticks of 100 ns, read once per turn.</summary>
    public long Now { get; private set; }

    /// <summary>Buffers for whoever has bytes pending; see <see cref="BufferPool"/>.</summary>
    public BufferPool Buffers { get; } = new();

    /// <summary>Makes a timer that is not set yet.</summary>
    public LoopTimer CreateTimer(Action elapsed) => new(this, elapsed);

    /// <summary>Asks to be called once at the end of this turn.</summary>
    public void AtTurnEnd(ITurnEnd work) => _turnEnds.Add(work);

    /// <summary>Takes charge of work that runs by itself: should it fail, <see cref="Run"/> throws what it threw.</summary>
    /// <remarks>A failure of ours must end the program, not vanish in a task that nobody awaits.</remarks>
    public void Adopt(Task work)
    {
        if (work.IsFaulted)
        {
            _failure ??= work.Exception;
        }
        else if (!work.IsCompleted)
        {
            _ = work.ContinueWith(
                static (done, loop) => ((EventLoop)loop!)._failure ??= done.Exception,
                this,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    /// <inheritdoc cref="Adopt(Task)"/>
    public void Adopt(ValueTask work)
    {
        if (work.IsCompleted)
        {
            TakeBack(work);
        }
        else
        {
            (_spareAdoptions.TryPop(out var spare) ? spare : new AdoptedWork(this)).Begin(work);
        }
    }

    /// <summary>Runs until <see cref="Stop"/>.</summary>
    /// <exception cref="AggregateException">Adopted work failed.</exception>
    public void Run()
    {
        while (!_stopped)
        {
            RunTurn(wait: true);
        }
    }

    /// <summary>Ends <see cref="Run"/> after the current turn.</summary>
    public void Stop() => _stopped = true;

    /// <summary>Runs one turn.</summary>
    /// <param name="wait">False only looks at what is ready already.</param>
    /// <returns>True when anything happened.</returns>
    public bool RunTurn(bool wait)
    {
        // Work that failed before the first turn must not be waited with.
        var count = _poll.Wait(_events, wait && _turnEnds.Count == 0 && _failure is null ? MillisecondsToNextTimer() : 0);
        Now = ReadClock();
        for (var i = 0; i < count; i++)
        {
            Dispatch(_events[i]);
            ThrowIfFailed();
        }

        var timers = RunTimers();
        var ends = RunTurnEnds();
        return count > 0 || timers || ends;
    }

    /// <inheritdoc/>
    public void Dispose() => _poll.Dispose();

    internal TimerHeap Timers { get; } = new();

    /// <summary>How many times timers were run.</summary>
    internal long TimerPass { get; private set; }

    /// <summary>Adopted work has ended; <paramref name="kept"/> is free for other work.</summary>
    internal void TakeBack(ValueTask done, AdoptedWork? kept = null)
    {
        if (kept is not null && _spareAdoptions.Count < MaxSpareAdoptions)
        {
            _spareAdoptions.Push(kept);
        }

        if (done.IsFaulted)
        {
            _failure ??= done.AsTask().Exception;
        }
        else
        {
            done.GetAwaiter().GetResult();
        }
    }

    /// <summary>Watches a descriptor; readiness arrives at <see cref="WatchedDescriptor.OnReady"/>.</summary>
    internal CallResult Watch(WatchedDescriptor watched, Readiness interest)
    {
        var slot = _freeSlots.TryPop(out var free) ? free : _slots++;
        if (slot == _watched.Length)
        {
            Array.Resize(ref _watched, slot * 2);
            Array.Resize(ref _generations, slot * 2);
        }

        _watched[slot] = watched;
        watched.Slot = slot;
        return _poll.Watch(watched.Number, TokenOf(slot), interest);
    }

    internal CallResult Change(WatchedDescriptor watched, Readiness interest) =>
        _poll.Change(watched.Number, TokenOf(watched.Slot), interest);

    /// <summary>Forgets a descriptor that is being closed; reports of it that wait in this turn are dropped.</summary>
    internal void Forget(WatchedDescriptor watched)
    {
        if (watched.Slot >= 0)
        {
            _watched[watched.Slot] = null;
            _generations[watched.Slot] = unchecked(_generations[watched.Slot] + 1);
            _freeSlots.Push(watched.Slot);
            watched.Slot = -1;
        }
    }

    /// <summary>Forgets a descriptor that stays open.</summary>
    internal void Release(WatchedDescriptor watched)
    {
        _ = _poll.Forget(watched.Number);
        Forget(watched);
    }

    private ulong TokenOf(int slot) => ((ulong)_generations[slot] << 32) | (uint)slot;

    private void Dispatch(PollEvent report)
    {
        var slot = (int)(report.Token & 0x7fffffff);
        if (slot < _slots && _generations[slot] == (uint)(report.Token >> 32))
        {
            _watched[slot]?.OnReady(report.Ready);
        }
    }

    private bool RunTimers()
    {
        var ran = false;
        TimerPass++;
        // One that is set by a timer for now comes with the next turn: who does much in parts lets others have theirs.
        while (Timers.First is { } timer && timer.LookAt <= Now && timer.SetInPass != TimerPass)
        {
            timer.Reach(Now);
            ThrowIfFailed();
            ran = true;
        }

        return ran;
    }

    private bool RunTurnEnds()
    {
        ThrowIfFailed();
        if (_turnEnds.Count == 0)
        {
            return false;
        }

        // What asks during this pass is served in the next turn, which then does not wait.
        (_turnEnds, _turnEndsRunning) = (_turnEndsRunning, _turnEnds);
        foreach (var work in _turnEndsRunning)
        {
            work.OnTurnEnd();
            ThrowIfFailed();
        }

        _turnEndsRunning.Clear();
        return true;
    }

    /// <summary>What failed may have left anything half done: nobody may build on it, and least of all make it durable.</summary>
    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw _failure;
        }
    }

    private int MillisecondsToNextTimer()
    {
        if (Timers.First is not { } first)
        {
            return -1;
        }

        var ticks = first.LookAt - ReadClock();
        return ticks <= 0 ? 0 : (int)Math.Min((ticks / TimeSpan.TicksPerMillisecond) + 1, int.MaxValue);
    }

    private long ReadClock() => _time.GetElapsedTime(0).Ticks;
}

/// <summary>Work that wants to run once when a turn has handled all that was ready.</summary>
public interface ITurnEnd
{
    /// <summary>Called once per request, on the loop's thread.</summary>
    void OnTurnEnd();
}
