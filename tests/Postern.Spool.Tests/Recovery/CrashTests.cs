using CsCheck;
using Postern.Spool.Tests.SecondReader;
using Postern.TestKit;

namespace Postern.Spool.Tests.Recovery;

/// <summary>Random lives of a log with crashes, held against what was promised.</summary>
public sealed class CrashTests
{
    private static readonly int _lives = LongForm.IsAsked ? 20_000 : 300;

    [Fact]
    public void AfterAnyCrash_WhatWasCommittedIsThere_AndAnOpenBatchWhollyOrNotAtAll() =>
        Gen.Int.Sample(seed => new Life(seed).Run(crashes: 4), iter: _lives);

    [Fact]
    public void AfterAnyFailureOfTheDisk_NothingMoreSucceeds_AndNothingCommittedIsLost() =>
        Gen.Select(Gen.Int, Gen.Int[1, 60], Gen.Bool).Sample(
            (seed, call, write) => new Life(seed).RunToFailure(call, write), iter: _lives);

    [Fact]
    public void EverySync_CanBeTheOneThatFails()
    {
        for (int call = 1; call <= 60; call++) new Life(call).RunToFailure(call, write: false);
        for (int call = 1; call <= 60; call++) new Life(call).RunToFailure(call, write: true);
    }

    [Fact]
    public void EverySync_CanBeTheLastThingAProgramDoes()
    {
        for (int call = 1; call <= 60; call++) new Life(call).RunToDeath(call);
    }

    [Fact]
    public void ABatchWhoseSyncFailed_IsNotShownFromTheCache()
    {
        var run = new LogDriver();
        run.Commit("one");
        run.Append("two");
        run.Disk.FailingSync = run.Disk.Syncs + 1;
        Assert.Equal(LogResult.Failed, run.Log.Commit());
        // Reads still show it, and the disk does not have it: a program that believed them would lose it with the power.
        Assert.True(run.Disk["segment-00000001"].AsSpan().IndexOf("two"u8) > 0);
        Assert.Equal(["one"], run.Restart().Seen.Payloads);
    }

    [Fact]
    public void WhatARestartShowed_SurvivesThePowerCutAfterIt()
    {
        var run = new LogDriver();
        run.Commit("one");
        run.Append("two");
        run.Disk.DeadlySync = run.Disk.Syncs + 1;
        Assert.Throws<SimulatedDisk.SimulatedDeathException>(() => run.Log.Commit());
        // Written and not synced: nobody was told, and from here on it counts.
        var next = run.Restart();
        Assert.Equal(["one", "two"], next.Seen.Payloads);
        Assert.Equal(["one", "two"], new LogDriver(next.Disk.Crash(() => false)).Seen.Payloads);
    }

    /// <summary>One log and what it promised.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "A simulated disk holds nothing that must be given back.")]
    private sealed class Life(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<string> _committed = [];
        private readonly List<string> _open = [];
        private SimulatedDisk _disk = new();
        private int _number;
        private bool _keepingLess;

        internal void Run(int crashes)
        {
            for (int crash = 0; crash <= crashes; crash++)
            {
                using var log = Start();
                int steps = _random.Next(60);
                for (int step = 0; step < steps; step++) Assert.True(Step(log), log.LastFailure);
                Crash();
            }
            Start().Dispose();
        }

        internal void RunToFailure(int call, bool write)
        {
            // A quiet life first, so that the failure can meet every stage of a start, too.
            Run(crashes: 0);
            Crash();
            (_disk.FailingSync, _disk.FailingWrite) = write ? (0, call) : (call, 0);
            using var log = new SegmentLog(_disk, LogDriver.Options());
            bool alive = log.Recover(new Recorded(), out _) == LogResult.Success;
            for (int step = 0; step < 300 && alive; step++) alive = Step(log);
            Assert.False(alive && _disk.Syncs >= call && !write);
            if (!alive)
            {
                Assert.Equal(LogResult.Failed, log.Commit());
                Assert.Equal(LogResult.Failed, log.Append(RecordKind.Result, [], out _));
                Assert.Equal(LogResult.Failed, log.Prepare());
                Assert.NotNull(log.LastFailure);
            }
            Crash();
            Start().Dispose();
        }

        internal void RunToDeath(int call)
        {
            Run(crashes: 0);
            Crash();
            _disk.DeadlySync = call;
            var log = new SegmentLog(_disk, LogDriver.Options());
            try
            {
                log.Recover(new Recorded(), out _);
                for (int step = 0; step < 300; step++) Step(log);
            }
            catch (SimulatedDisk.SimulatedDeathException)
            {
                // As planned.
            }
            log.Dispose();
            (_disk, _keepingLess) = (_disk.Kill(), false);
            Start().Dispose();
            Crash();
            Start().Dispose();
        }

        /// <summary>Recovers and compares with what was promised.</summary>
        private SegmentLog Start()
        {
            var log = new SegmentLog(_disk, LogDriver.Options());
            var seen = BothReaders.Recover(_disk, log);
            string[] payloads = [.. seen.Payloads];
            string[] least = [.. _committed], most = [.. _committed, .. _open];
            Assert.True(payloads.SequenceEqual(least) || payloads.SequenceEqual(most),
                $"seed {seed}: {payloads.Length} records instead of {least.Length} or {most.Length}");
            // A batch that lost a part behind its commit record is named; everything else is an ordinary start.
            Assert.All(seen.Damages, damage => Assert.True(damage.Reason is DamageReason.TornTail or DamageReason.IncompleteBatch));
            Assert.True(!_keepingLess || payloads.Length == least.Length || _open.Count == 0);
            if (payloads.Length == most.Length) _committed.AddRange(_open);
            _open.Clear();
            return log;
        }

        private bool Step(SegmentLog log)
        {
            switch (_random.Next(10))
            {
                case < 6:
                    string payload = LogDriver.Long(_number++, _random.Next(20) == 0 ? _random.Next(10, 30_000) : _random.Next(10, 1500));
                    var result = log.Append(RecordKind.Envelope, System.Text.Encoding.Latin1.GetBytes(payload), out _);
                    if (result == LogResult.Success) _open.Add(payload);
                    return result == LogResult.Success;
                case 6:
                    return log.WriteOut() == LogResult.Success;
                case 7:
                    return log.Prepare() == LogResult.Success;
                default:
                    if (log.Commit() != LogResult.Success) return false;
                    _committed.AddRange(_open);
                    _open.Clear();
                    return true;
            }
        }

        private void Crash()
        {
            int mode = _random.Next(5);
            _keepingLess = mode == 0;
            _disk = mode switch
            {
                0 => _disk.Crash(() => false),
                1 => _disk.Crash(() => true),
                2 => _disk.Crash(() => _random.Next(2) == 0),
                3 => _disk.Kill(),
                _ => _disk.Crash(() => _random.Next(10) > 0),
            };
        }
    }
}
