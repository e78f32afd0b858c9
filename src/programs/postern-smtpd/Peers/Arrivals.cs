using System.Runtime.CompilerServices;
using Postern.Loop;

namespace Postern.Smtpd.Peers;

/// <summary>Sessions that wait for another program, which is being restarted.</summary>
internal sealed class Arrivals
{
    /// <summary>How long a session waits: a restart takes well under a second.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly List<TimedWait> _waiting = [];

    /// <summary>Waits until it is there.</summary>
    /// <returns>False when it did not come in time.</returns>
    [AsyncMethodBuilder(typeof(LoopMethodBuilder<>))]
    internal async ValueTask<bool> AwaitAsync(TimedWait wait, Func<bool> isThere)
    {
        if (isThere()) return true;
        wait.Begin(Patience);
        _waiting.Add(wait);
        while (!isThere() && await wait.NextAsync())
        {
        }

        _waiting.Remove(wait);
        wait.End();
        return isThere();
    }

    /// <summary>It has come.</summary>
    internal void Tell() => TimedWait.WakeAll(_waiting);
}
