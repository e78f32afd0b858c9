namespace Postern.Keyholder.Tests.Harness;

/// <summary>A clock that a test moves; it begins at the true time, since certificates do.</summary>
internal sealed class ManualTime : TimeProvider
{
    private static readonly DateTimeOffset _begin = DateTimeOffset.UtcNow;

    private long _ticks = TimeSpan.FromDays(1).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => _begin.AddTicks(_ticks - TimeSpan.FromDays(1).Ticks);

    internal void Advance(TimeSpan time) => _ticks += time.Ticks;
}
