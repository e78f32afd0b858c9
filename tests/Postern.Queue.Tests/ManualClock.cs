namespace Postern.Queue.Tests;

/// <summary>A clock that stands still until a test moves it, in monotonic and in wall time alike.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _jumped;
    private long _ticks = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => new(_ticks + _jumped, TimeSpan.Zero);

    /// <summary>Somebody sets the wall clock.</summary>
    internal void Jump(TimeSpan by) => _jumped += by.Ticks;

    internal void Pass(TimeSpan time) => _ticks += time.Ticks;
}
