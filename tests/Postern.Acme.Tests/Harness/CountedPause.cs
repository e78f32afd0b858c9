using Postern.Acme.Issuance;

namespace Postern.Acme.Tests.Harness;

/// <summary>Waits no time at all, and remembers how long it should have been.</summary>
internal sealed class CountedPause : IPause
{
    internal List<TimeSpan> Waits { get; } = [];

    public ValueTask WaitAsync(TimeSpan time)
    {
        Waits.Add(time);
        return ValueTask.CompletedTask;
    }
}
