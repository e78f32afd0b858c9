namespace Postern.Dns.Tests;

/// <summary>A clock that stands still until it is told to move.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _ticks;

    internal TimeSpan Now => TimeSpan.FromTicks(_ticks);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    internal void Advance(TimeSpan span) => _ticks += span.Ticks;
}
