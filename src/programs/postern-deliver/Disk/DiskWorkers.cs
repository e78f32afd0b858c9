using Postern.Loop;

namespace Postern.Deliver.Disk;

/// <summary>The threads that wait for the disk, so that the loop need not: see docs/adr/0020.</summary>
internal sealed class DiskWorkers : IDisposable
{
    /// <summary>So many syncs wait together; the file system commits them in groups.</summary>
    internal const int ThreadCount = 8;

    /// <summary>Works that one thread takes at a time.</summary>
    internal const int MaxRound = 3;

    private readonly Queue<DiskWork> _waiting = new();
    private readonly List<DiskWork> _done = [];
    private readonly List<DiskWork> _telling = [];
    private readonly ThreadSignal _signal;
    private volatile MaildirAccess _access;
    private int _started;
    private int _idle;
    private bool _stopped;

    /// <summary>Makes them; the threads start with the first works.</summary>
    internal DiskWorkers(EventLoop loop, MaildirAccess access)
    {
        _access = access;
        _signal = new ThreadSignal(loop, Tell);
    }

    /// <summary>Works that were handed over and not yet told of.</summary>
    internal int Pending { get; private set; }

    /// <summary>How mailboxes are reached; a new one counts from the next round of each thread on.</summary>
    internal MaildirAccess Access
    {
        get => _access;
        set => _access = value;
    }

    /// <summary>Hands a work over.</summary>
    internal void Add(DiskWork work)
    {
        Pending++;
        lock (_waiting)
        {
            _waiting.Enqueue(work);
            if (_idle >= _waiting.Count)
            {
                Monitor.Pulse(_waiting);
                return;
            }
        }

        if (_started < ThreadCount)
        {
            _started++;
            new Thread(Work) { IsBackground = true, Name = "disk" }.Start();
        }
    }

    /// <summary>Ends the threads when they have nothing left to do.</summary>
    public void Dispose()
    {
        lock (_waiting)
        {
            _stopped = true;
            Monitor.PulseAll(_waiting);
        }

        _signal.Dispose();
    }

    private void Work()
    {
        var round = new List<DiskWork>(MaxRound);
        while (Take(round))
        {
            using (var folders = new OpenFolders(_access))
            {
                round.ForEach(work => work.Write(folders));
                round.ForEach(work => work.Publish());
                round.ForEach(work => work.Settle());
            }

            bool first;
            lock (_done)
            {
                first = _done.Count == 0;
                _done.AddRange(round);
            }

            round.Clear();
            if (first)
            {
                _signal.Signal();
            }
        }
    }

    private bool Take(List<DiskWork> round)
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0)
            {
                if (_stopped)
                {
                    return false;
                }

                _idle++;
                Monitor.Wait(_waiting);
                _idle--;
            }

            // Threads that are idle, or were woken a moment ago, get their share: side by side is faster than together.
            var share = Math.Min(MaxRound, 1 + (_waiting.Count / (_idle + 1)));
            while (round.Count < share && _waiting.TryDequeue(out var work))
            {
                round.Add(work);
            }

            return true;
        }
    }

    private void Tell()
    {
        lock (_done)
        {
            _telling.AddRange(_done);
            _done.Clear();
        }

        foreach (var work in _telling)
        {
            Pending--;
            work.Completed(work);
        }

        _telling.Clear();
    }
}
