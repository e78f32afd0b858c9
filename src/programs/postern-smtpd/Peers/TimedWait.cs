using Postern.Loop;

namespace Postern.Smtpd.Peers;

/// <summary>Waits on the loop's thread for what another program does, but never longer than it was told to.</summary>
/// <remarks>
/// A session waits for one thing at a time, so it owns one of these. It is used as: begin, then look and wait in turns until
/// what was awaited is there or <see cref="NextAsync"/> says that the time is up, then end.
/// </remarks>
internal sealed class TimedWait
{
    private readonly Signal _signal = new();
    private readonly LoopTimer _timer;
    private bool _elapsed;

    internal TimedWait(EventLoop loop) => _timer = loop.CreateTimer(Elapse);

    /// <summary>Starts the time; what was signalled before is forgotten.</summary>
    internal void Begin(TimeSpan patience)
    {
        _elapsed = false;
        _signal.Clear();
        _timer.Set(patience);
    }

    /// <summary>Waits for the next sign; false when the time is up.</summary>
    internal ValueTask<bool> NextAsync() => _elapsed ? new ValueTask<bool>(false) : _signal.WaitAsync();

    /// <summary>Says that something may have changed.</summary>
    internal void Wake() => _signal.Set();

    /// <summary>Wakes everyone in a list that the woken may change.</summary>
    internal static void WakeAll(List<TimedWait> waiting)
    {
        foreach (var wait in waiting.ToArray()) wait.Wake();
    }

    /// <summary>Stops the time.</summary>
    internal void End() => _timer.Unset();

    private void Elapse()
    {
        _elapsed = true;
        _signal.Cancel();
    }
}
