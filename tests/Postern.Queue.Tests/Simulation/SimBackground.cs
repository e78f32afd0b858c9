using Postern.Loop;

namespace Postern.Queue.Tests.Simulation;

/// <summary>A sync thread as the seed wants it: how long a work takes in turns, and whether what it does happens at its beginning or at its end.</summary>
internal sealed class SimBackground(Random random) : IBackground
{
    private Action? _work;
    private Action? _done;
    private int _turns;

    /// <summary>True while a work is not over.</summary>
    internal bool IsBusy => _done is not null;

    /// <summary>True to have everything done at once.</summary>
    internal bool IsQuick { get; set; }

    public void Run(Action work, Action done)
    {
        if (_done is not null)
        {
            throw new InvalidOperationException("There is a work already.");
        }

        var lot = IsQuick ? 0 : random.Next(6);
        _turns = lot < 3 ? 0 : random.Next(1, 8);
        if (lot % 2 == 0)
        {
            work();
        }
        else
        {
            _work = work;
        }

        _done = done;
    }

    /// <summary>Called when the loop has nothing left to do; true when that has changed.</summary>
    internal bool Step()
    {
        if (_done is null || (_turns-- > 0 && !IsQuick))
        {
            return false;
        }

        var (work, done) = (_work, _done);
        (_work, _done) = (null, null);
        work?.Invoke();
        done();
        return true;
    }
}
