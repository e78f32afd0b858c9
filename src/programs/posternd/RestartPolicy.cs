namespace Postern.Supervisor;

/// <summary>How soon a program that died is started again, and when to give up on it.</summary>
/// <remarks>
/// A single death costs nothing but the start itself. One that keeps dying is started ever more slowly, so that its logs
/// can be read and its partners breathe; one that does not stop dying would only hide the cause.
/// </remarks>
internal sealed class RestartPolicy
{
    /// <summary>Deaths that are answered at once within the window. Arbitrary; a bad message seldom needs more.</summary>
    internal const int Free = 5;

    /// <summary>Deaths within the window after which posternd gives up. Arbitrary.</summary>
    internal const int MaxDeaths = 15;

    /// <summary>The most that one waits for its next start.</summary>
    internal static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan _window = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(250);

    private readonly Queue<TimeSpan> _deaths = new();

    /// <summary>Records a death and says how long to wait; null: give up.</summary>
    /// <param name="now">Monotonic time.</param>
    internal TimeSpan? AfterDeath(TimeSpan now)
    {
        while (_deaths.TryPeek(out var oldest) && now - oldest > _window)
        {
            _deaths.Dequeue();
        }

        _deaths.Enqueue(now);
        if (_deaths.Count > MaxDeaths)
        {
            return null;
        }

        if (_deaths.Count <= Free)
        {
            return TimeSpan.Zero;
        }

        var pause = _firstPause * Math.Pow(2, _deaths.Count - Free - 1);
        return pause < LongestPause ? pause : LongestPause;
    }
}
