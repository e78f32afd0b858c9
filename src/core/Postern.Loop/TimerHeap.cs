namespace Postern.Loop;

/// <summary>The timers that are set, the first to be looked at on top.</summary>
/// <remarks>
/// Each timer knows its place, so that it can be taken out: a server closes thousands of connections a second, each with a
/// deadline minutes away, and what is closed must not be remembered until then.
/// </remarks>
internal sealed class TimerHeap
{
    private LoopTimer[] _timers = new LoopTimer[64];

    /// <summary>Timers that are set.</summary>
    internal int Count { get; private set; }

    /// <summary>The timer to look at first; null when none is set.</summary>
    internal LoopTimer? First => Count == 0 ? null : _timers[0];

    /// <summary>Puts a timer in.</summary>
    internal void Add(LoopTimer timer)
    {
        if (Count == _timers.Length) Array.Resize(ref _timers, Count * 2);
        timer.Place = Count;
        _timers[Count++] = timer;
        Rise(timer);
    }

    /// <summary>Takes a timer out.</summary>
    internal void Remove(LoopTimer timer)
    {
        var last = _timers[--Count];
        _timers[Count] = null!;
        if (last != timer)
        {
            Put(last, timer.Place);
            Rise(last);
            Sink(last);
        }

        timer.Place = -1;
    }

    /// <summary>Finds the place of a timer whose moment came nearer.</summary>
    internal void Rise(LoopTimer timer)
    {
        while (timer.Place > 0)
        {
            var place = timer.Place;
            var parent = _timers[(place - 1) / 2];
            if (parent.LookAt <= timer.LookAt) return;
            Put(timer, parent.Place);
            Put(parent, place);
        }
    }

    /// <summary>Finds the place of a timer whose moment moved away.</summary>
    internal void Sink(LoopTimer timer)
    {
        while (true)
        {
            var place = timer.Place;
            var child = (2 * place) + 1;
            if (child >= Count) return;
            if (child + 1 < Count && _timers[child + 1].LookAt < _timers[child].LookAt) child++;
            var lower = _timers[child];
            if (lower.LookAt >= timer.LookAt) return;
            Put(timer, child);
            Put(lower, place);
        }
    }

    private void Put(LoopTimer timer, int place)
    {
        timer.Place = place;
        _timers[place] = timer;
    }
}
