namespace Postern.Queue.Schedule;

/// <summary>The wall clock, which does not jump: when somebody sets it, the queue follows when it is ready to.</summary>
/// <param name="time">Where the time comes from.</param>
internal sealed class QueueClock(TimeProvider time)
{
    /// <summary>Corrections of seconds mean nothing to waits of minutes. Arbitrary.</summary>
    private const long Unnoticed = 60;

    private long _wall = time.GetUtcNow().ToUnixTimeSeconds();
    private long _stamp = time.GetTimestamp();

    /// <summary>Unix seconds.</summary>
    internal long Now => Wall is var wall && Math.Abs(wall - Steady) <= Unnoticed ? wall : Steady;

    private long Wall => time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>What the wall clock would show if nobody had set it.</summary>
    private long Steady => _wall + (long)time.GetElapsedTime(_stamp).TotalSeconds;

    /// <summary>By how many seconds it was set since this was last called; from now on <see cref="Now"/> shows that.</summary>
    internal long TakeJump()
    {
        var (jump, stamp) = (Wall - Steady, time.GetTimestamp());
        (_wall, _stamp) = (Wall, stamp);
        return Math.Abs(jump) <= Unnoticed ? 0 : jump;
    }
}
