using Postern.Loop;

namespace Postern.Keyholder.Clients;

/// <summary>Lets a few steps of handshakes happen in each turn of the loop, so that a flood of them leaves room for sessions that talk.</summary>
/// <param name="loop">The loop.</param>
internal sealed class HandshakeTurns(EventLoop loop) : ITurnEnd
{
    /// <summary>A signature takes half a millisecond to two: a session waits for this many at most, and not for all that stand in line.</summary>
    private const int MaxPerTurn = 8;

    private readonly Queue<Signal> _waiting = [];
    private bool _isAsked;

    /// <summary>Waits for a place; first come, first served.</summary>
    /// <param name="own">A signal that nothing else is waited for with meanwhile.</param>
    internal ValueTask<bool> NextAsync(Signal own)
    {
        _waiting.Enqueue(own);
        Ask();
        return own.WaitAsync();
    }

    void ITurnEnd.OnTurnEnd()
    {
        _isAsked = false;
        for (var i = 0; i < MaxPerTurn && _waiting.TryDequeue(out var next); i++)
        {
            next.Set();
        }

        if (_waiting.Count > 0)
        {
            Ask();
        }
    }

    private void Ask()
    {
        if (!_isAsked)
        {
            _isAsked = true;
            loop.AtTurnEnd(this);
        }
    }
}
