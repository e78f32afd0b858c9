using System.Text;
using Postern.Ipc.Administration;
using Postern.Queue.Administration;
using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests.Simulation;

/// <summary>One seed: clients, deliveries, waits, an administrator, disk faults and crashes, and what must hold at the end.</summary>
/// <remarks>Nothing in it depends on anything but the seed, so a failing one replays exactly.</remarks>
internal sealed class SimWorld : IDisposable
{
    internal const int SegmentBytes = 64 * 1024;

    private readonly Random _random;
    private readonly ManualClock _clock = new();
    private readonly Ledger _ledger;
    private readonly PlantedBug _bug;
    private readonly List<SegmentKey> _keys = [];
    private SimulatedDisk _disk = new();
    private MemoryLog? _memory;
    private ulong _epochs;

    internal SimWorld(int seed, PlantedBug bug = PlantedBug.None, bool withTrace = false, bool inMemory = false)
    {
        _memory = inMemory ? new MemoryLog(SegmentBytes) : null;
        (_random, _bug) = (new Random(seed), bug);
        _ledger = new Ledger(_clock.GetUtcNow) { Trace = withTrace ? new StringBuilder() : null };
    }

    public void Dispose()
    {
        _disk.Dispose();
        _memory?.Dispose();
    }

    /// <summary>What happened, line by line.</summary>
    internal string Trace => _ledger.Trace?.ToString() ?? string.Empty;

    /// <summary>Lives the whole story and judges it; throws when something does not hold.</summary>
    internal void Run()
    {
        for (var lives = _random.Next(1, 5); lives > 0; lives--)
        {
            Plan();
            LiveAndDie();
        }

        _disk.Capacity = long.MaxValue;
        using var last = Start() ?? throw new InvalidOperationException("A start on a good disk failed.");
        Finish(last);
        Verdict.Judge(_ledger, last, _clock.GetUtcNow());
    }

    private SimLife? Start() => SimLife.Start(_ledger, _random, _clock, _memory ?? Planted.Log(_bug, _disk, _keys, new LogOptions
    {
        SegmentBytes = SegmentBytes,
        MinFreeBytes = 0,
        ZeroedPerCall = 0,
        DrawEpoch = () => unchecked((++_epochs * 6364136223846793005) + 1442695040888963407),
    }), core => Planted.Begin(_bug, core));

    /// <summary>What will go wrong with storage in the next run.</summary>
    private void Plan()
    {
        if (_memory is null)
        {
            SimDiskFault.Plan(_disk, _random);
        }
        else if (_random.Next(3) == 0)
        {
            _memory.CommitsUntilFailure = _random.Next(1, 60);
        }
    }

    /// <summary>What the next run finds.</summary>
    private void Die()
    {
        if (_memory is not null)
        {
            // A commit that failed may have reached storage all the same.
            _memory = _memory.Crash(keepOpenBatch: _memory.LastFailure is not null && _random.Next(2) == 0);
            return;
        }

        _disk = _random.Next(3) == 0 ? _disk.Kill() : _disk.Crash(() => _random.Next(2) == 0);
        Planted.Between(_bug, _disk, _keys);
    }

    private void LiveAndDie()
    {
        try
        {
            _ledger.Note(() => $"files {string.Join(' ', _disk.Names.Select(name => $"{name}:{_disk[name].Length}"))}; fails sync {_disk.FailingSync}, write {_disk.FailingWrite} ({_disk.WriteError}), dies at sync {_disk.DeadlySync}, capacity {_disk.Capacity}");
            using var life = Start();
            if (life is not null)
            {
                for (var steps = _random.Next(120); steps > 0 && life.EndCode is null; steps--)
                {
                    Step(life);
                }
            }
        }
        catch (Exception end) when (end.GetBaseException() is SimulatedDisk.SimulatedDeathException)
        {
            // Killed at a sync. What was durable counts, and nothing else.
        }

        _ledger.Note(() => "dead");
        _ledger.Crashed();
        Die();
        _clock.Pass(TimeSpan.FromSeconds(_random.Next(3)));
    }

    private void Step(SimLife life)
    {
        var lot = _random.Next(100);
        if (lot < 40)
        {
            life.Client.Step();
        }
        else if (lot < 60)
        {
            life.Local.Step();
        }
        else if (lot < 75)
        {
            life.Remote.Step();
        }
        else if (lot < 82)
        {
            life.Bounce.Step();
        }
        else if (lot < 92)
        {
            life.TurnToTheEnd();
            _clock.Pass(AnyTime());
        }
        else if (lot < 95)
        {
            life.ReplacePartner();
        }
        else if (lot < 98)
        {
            Administer(life);
        }
        else if (lot < 99)
        {
            life.Reload();
        }
        else
        {
            life.Parts.Stop();
        }

        // Sometimes several things come in one turn.
        if (_random.Next(4) != 0)
        {
            life.Turn();
        }
    }

    private TimeSpan AnyTime() => _random.Next(6) switch
    {
        0 => TimeSpan.FromMilliseconds(_random.Next(1, 600)),
        1 or 2 => TimeSpan.FromSeconds(_random.Next(1, 5)),
        3 => TimeSpan.FromMinutes(_random.Next(1, 10)),
        4 => TimeSpan.FromHours(_random.Next(1, 5)),
        _ => TimeSpan.FromSeconds(31),
    };

    private void Administer(SimLife life)
    {
        life.Turn();
        if (life.EndCode is not null)
        {
            return;
        }

        var known = _ledger.Stories.Where(story => life.Parts.Core.Table.Find(story.Id) >= 0).ToList();
        if (known.Count == 0)
        {
            return;
        }

        var story = known[_random.Next(known.Count)];
        var act = (QueueAct)_random.Next(1 + (int)Enum.GetValues<QueueAct>().Max());
        var busy = life.Local.Messages.Concat(life.Remote.Messages).Contains(story.Id);
        if (busy && act == QueueAct.Remove)
        {
            return; // What is under way is not removed; that case is a test of its own.
        }

        _ledger.Note(() => $"{act} {story.Token}");
        var message = life.Parts.Core.Table.Find(story.Id);
        if (message < 0 || new QueueActs(life.Parts.Core).Do(act, message, new Chosen(Selection.All)) == 0)
        {
            return; // Nothing to do, or no room to write it down.
        }

        if (act == QueueAct.Retry)
        {
            life.Parts.Dispatcher.TryFirst(message);
        }

        _ledger.Held.Remove(story.Id);
        story.IsRemoved |= act == QueueAct.Remove;
        var number = ++story.Acts;
        life.Parts.Committer.AfterSync(() => Told(life, story, act, number));
        life.Turn();
    }

    private void Told(SimLife life, Story story, QueueAct act, int number)
    {
        if (act == QueueAct.Hold && number == story.Acts && life.Parts.Core.Log.HasRoom)
        {
            _ledger.Held.Add(story.Id);
        }
        else if (act == QueueAct.Remove && life.Parts.Core.Table.Find(story.Id) < 0)
        {
            _ledger.Removed.Add(story.Id);
        }
    }

    /// <summary>Everything works from now on: the queue must come to its end.</summary>
    private void Finish(SimLife life)
    {
        life.BeKind();
        _ledger.Held.Clear();
        QueueRig.ActOnAll(life.Parts.Core, QueueAct.Release);
        for (var round = 0; round < 400; round++)
        {
            do
            {
                life.Local.Step();
                life.Remote.Step();
                life.Bounce.Step();
                life.Turn();
            }
            while (life.Local.IsBusy || life.Remote.IsBusy);
            Assert.Null(life.EndCode);
            if (round > 5 && life.Parts.Core.Table.Messages.Count == 0)
            {
                return;
            }

            _clock.Pass(TimeSpan.FromMinutes(round < 40 ? 1 : 20));
            life.Turn();
        }
    }
}
