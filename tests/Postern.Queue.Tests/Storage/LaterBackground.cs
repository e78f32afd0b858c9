using Postern.Loop;

namespace Postern.Queue.Tests.Storage;

/// <summary>Does the work, and tells of it, in the next turn, or when the test lets it.</summary>
internal sealed class LaterBackground : IBackground
{
    private readonly Queue<(Action Work, Action Done)> _begun = new();
    private readonly LoopTimer _next;
    private bool _isSlow;

    internal LaterBackground(EventLoop loop) => _next = loop.CreateTimer(Tell);

    /// <summary>True to let nothing come to its end.</summary>
    internal bool IsSlow
    {
        get => _isSlow;
        set
        {
            _isSlow = value;
            _next.Set(TimeSpan.Zero);
        }
    }

    /// <summary>Works that are not over.</summary>
    internal int Begun => _begun.Count;

    public void Run(Action work, Action done)
    {
        _begun.Enqueue((work, done));
        _next.Set(TimeSpan.Zero);
    }

    private void Tell()
    {
        while (!IsSlow && _begun.TryDequeue(out var begun))
        {
            begun.Work();
            begun.Done();
        }
    }
}
