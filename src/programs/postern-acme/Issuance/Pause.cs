using Postern.Loop;

namespace Postern.Acme.Issuance;

/// <summary>Waits.</summary>
internal interface IPause
{
    /// <summary>Waits so long.</summary>
    ValueTask WaitAsync(TimeSpan time);
}

/// <summary>The same, on the loop's clock.</summary>
internal sealed class Pause : IPause
{
    private readonly Signal _over = new();
    private readonly LoopTimer _timer;

    /// <param name="loop">The loop.</param>
    internal Pause(EventLoop loop) => _timer = loop.CreateTimer(_over.Set);

    /// <inheritdoc/>
    public async ValueTask WaitAsync(TimeSpan time)
    {
        _timer.Set(time);
        _ = await _over.WaitAsync();
    }
}
