namespace Postern.Loop;

/// <summary>Takes calls that wait, such as a sync, off a loop's thread.</summary>
public interface IBackground
{
    /// <summary>Has work done elsewhere.</summary>
    /// <param name="work">Runs on another thread; must not throw.</param>
    /// <param name="done">Runs on the loop's thread afterwards.</param>
    void Run(Action work, Action done);
}

/// <summary>One thread beside a loop, which does one work after another.</summary>
public sealed class BackgroundThread : IBackground, IDisposable
{
    private readonly string _name;
    private readonly Queue<(Action Work, Action Done)> _waiting = new();
    private readonly Queue<Action> _done = new();
    private readonly ThreadSignal _signal;
    private Thread? _thread;
    private bool _stopped;

    /// <summary>Makes it; the thread starts with the first work.</summary>
    /// <param name="loop">The loop that is told.</param>
    /// <param name="name">The thread's name.</param>
    public BackgroundThread(EventLoop loop, string name)
    {
        _name = name;
        _signal = new ThreadSignal(loop, Tell);
    }

    /// <inheritdoc/>
    public void Run(Action work, Action done)
    {
        lock (_waiting)
        {
            _waiting.Enqueue((work, done));
            Monitor.Pulse(_waiting);
        }

        if (_thread is null)
        {
            _thread = new Thread(Work) { IsBackground = true, Name = _name };
            _thread.Start();
        }
    }

    /// <summary>Waits for the work that runs, and drops the rest.</summary>
    public void Dispose()
    {
        lock (_waiting)
        {
            _stopped = true;
            Monitor.Pulse(_waiting);
        }

        _thread?.Join();
        _signal.Dispose();
    }

    private void Work()
    {
        while (Take() is var (work, done) && work is not null)
        {
            work();
            lock (_done)
            {
                _done.Enqueue(done!);
            }

            _signal.Signal();
        }
    }

    private (Action? Work, Action? Done) Take()
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0 && !_stopped)
            {
                Monitor.Wait(_waiting);
            }

            return _stopped ? default : _waiting.Dequeue();
        }
    }

    private void Tell()
    {
        while (Next() is { } done)
        {
            done();
        }
    }

    private Action? Next()
    {
        lock (_done)
        {
            return _done.TryDequeue(out var done) ? done : null;
        }
    }
}
