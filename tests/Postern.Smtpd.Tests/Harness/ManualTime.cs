namespace Postern.Smtpd.Tests.Harness;

/// <summary>A clock that moves when a test says so.</summary>
internal sealed class ManualTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    /// <summary>Fails once, the next time that someone asks for the wall clock.</summary>
    public bool FailsOnce { get; set; }

    public override DateTimeOffset GetUtcNow()
    {
        var fails = FailsOnce;
        FailsOnce = false;
        return fails ? throw new InvalidOperationException("The clock broke.") : Start.AddTicks(_ticks);
    }

    public void Advance(TimeSpan time) => _ticks += time.Ticks;
}
