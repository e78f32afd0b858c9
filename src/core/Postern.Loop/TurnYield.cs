namespace Postern.Loop;

/// <summary>Lets a long run of work step aside until the rest of the loop has had its turn.</summary>
public sealed class TurnYield : ITurnEnd
{
    private readonly EventLoop _loop;
    private readonly Signal _resume = new();

    /// <summary>Makes one for a single user.</summary>
    public TurnYield(EventLoop loop) => _loop = loop;

    /// <summary>Goes on at the end of the turn.</summary>
    public ValueTask<bool> WaitAsync()
    {
        _loop.AtTurnEnd(this);
        return _resume.WaitAsync();
    }

    void ITurnEnd.OnTurnEnd() => _resume.Set();
}
