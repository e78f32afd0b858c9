using System.Globalization;
using System.Text;
using CsCheck;
using Postern.Spool.Tests.SecondReader;
using Postern.TestKit;

namespace Postern.Spool.Tests.Recovery;

/// <summary>
/// A queue in small lives on the log, with checkpoints, freed segments and crashes: no message is lost, and none that was
/// finished comes back.
/// </summary>
public sealed class QueueLifeTests
{
    private static readonly int _lives = LongForm.IsAsked ? 10_000 : 150;

    [Fact]
    public void OnSegments_TheQueueIsWhatItWas() => Gen.Int.Sample(
        seed =>
        {
            var disk = new SimulatedDisk();
            var random = new Random(seed ^ 1);
            new SmallQueue(seed).Run(
                () => BothReaders.Open(disk),
                _ =>
                {
                    disk = random.Next(3) == 0 ? disk.Kill() : disk.Crash(() => random.Next(2) == 0);
                    // The next run dies in the middle of something, now and then.
                    disk.DeadlySync = random.Next(2) == 0 ? random.Next(1, 80) : 0;
                });
        },
        iter: _lives);

    [Fact]
    public void InMemory_TheQueueIsWhatItWas() => Gen.Int.Sample(
        seed =>
        {
            MemoryLog log = new(16 * 1024);
            var random = new Random(seed ^ 1);
            new SmallQueue(seed).Run(() => log, _ => log = log.Crash(keepOpenBatch: random.Next(3) == 0));
        },
        iter: _lives);

    [Fact]
    public void WithTheLastCheckpointUnreadable_TheQueueIsWhatItWas() => Gen.Int.Sample(
        seed =>
        {
            var disk = new SimulatedDisk();
            new SmallQueue(seed).Run(
                () => new SegmentLog(disk, LogDriver.Options()),
                pieces =>
                {
                    disk = disk.Kill();
                    if (pieces is not { Count: > 0 }) return;
                    string name = $"segment-{pieces[0].Segment:x8}";
                    // Freed since, and the checkpoint with it.
                    if (!disk.Names.Contains(name)) return;
                    byte[] content = disk[name];
                    // In its header: a piece can be empty, and what stands behind it is somebody's message.
                    content[pieces[0].Offset + 8] ^= 4;
                    disk[name] = content;
                });
        },
        iter: _lives / 3);

    /// <summary>Messages that come and go; each envelope and each result names its message.</summary>
    private sealed class SmallQueue(int seed) : ILogVisitor
    {
        private readonly Random _random = new(seed);
        private readonly Dictionary<int, RecordPosition> _alive = [];
        private readonly Dictionary<int, RecordPosition?> _open = [];
        private Dictionary<int, RecordPosition> _replayed = [];
        private int _next;

        internal void Run(Func<IRecordLog> start, Action<List<RecordPosition>?> crash)
        {
            for (int run = 0; run < 4; run++)
            {
                using var log = start();
                List<RecordPosition>? pieces = null;
                try
                {
                    Recover(log);
                    pieces = Live(log, _random.Next(250));
                }
                catch (SimulatedDisk.SimulatedDeathException)
                {
                    // Whatever it was about: what was committed counts, the open batch as a whole or not.
                }
                crash(pieces);
            }
            for (bool alive = false; !alive;)
            {
                using var last = start();
                try
                {
                    Recover(last);
                    alive = true;
                }
                catch (SimulatedDisk.SimulatedDeathException)
                {
                    crash(null);
                }
            }
        }

        public void Checkpoint(ReadOnlySpan<byte> piece)
        {
            foreach (string entry in Encoding.ASCII.GetString(piece).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                _replayed[int.Parse(entry.Split('@')[0], CultureInfo.InvariantCulture)] =
                    RecordPosition.Unpack(ulong.Parse(entry.Split('@')[1], CultureInfo.InvariantCulture));
        }

        public void Record(RecordKind kind, RecordPosition position, int length, ReadOnlySpan<byte> payload)
        {
            int message = BitConverter.ToInt32(payload);
            if (kind == RecordKind.Envelope) _replayed[message] = position;
            else _replayed.Remove(message);
        }

        public void Damaged(Damage damage) =>
            Assert.True(damage.Reason is not (DamageReason.MissingSegment or DamageReason.ForeignSegment or DamageReason.SegmentHeader));

        private void Recover(IRecordLog log)
        {
            _replayed = [];
            Assert.Equal(LogResult.Success, log.Recover(this, out var summary));
            Assert.False(summary.ResultsMayBeMissing);
            var (least, most) = (new Dictionary<int, RecordPosition>(_alive), new Dictionary<int, RecordPosition>(_alive));
            Apply(most);
            Assert.True(Same(_replayed, least) || Same(_replayed, most), $"seed {seed}: {_replayed.Count}, not {least.Count} or {most.Count}");
            if (!Same(_replayed, least)) Apply(_alive);
            _open.Clear();
            byte[] destination = new byte[4000];
            foreach (var (message, position) in _alive)
            {
                Assert.Equal(ReadResult.Success, log.Read(position, destination, out _, out _));
                Assert.Equal(message, BitConverter.ToInt32(destination));
            }
        }

        /// <returns>The pieces of the last checkpoint, when one was completed in this run.</returns>
        private List<RecordPosition>? Live(IRecordLog log, int steps)
        {
            var ask = new List<SectionUse>();
            List<RecordPosition>? pieces = null;
            for (int step = 0; step < steps; step++)
            {
                int choice = _random.Next(100);
                if (choice < 45) Add(log);
                else if (choice < 65) Finish(log);
                else if (choice < 88) Commit(log);
                else if (choice < 91) pieces = WriteCheckpoint(log) ?? pieces;
                else FreeWhatIsDead(log, ask);
            }
            return pieces;
        }

        private void Add(IRecordLog log)
        {
            byte[] payload = new byte[_random.Next(4, 4000)];
            BitConverter.TryWriteBytes(payload, _next);
            Assert.Equal(LogResult.Success, log.Append(RecordKind.Envelope, payload, out var position));
            _open[_next++] = position;
        }

        private void Finish(IRecordLog log)
        {
            int[] candidates = [.. _alive.Keys.Where(message => !_open.ContainsKey(message))];
            if (candidates.Length == 0) return;
            int message = candidates[_random.Next(candidates.Length)];
            Assert.Equal(LogResult.Success, log.Append(RecordKind.Result, BitConverter.GetBytes(message), out _));
            _open[message] = null;
        }

        private void Commit(IRecordLog log)
        {
            Assert.Equal(LogResult.Success, log.Commit());
            Apply(_alive);
            _open.Clear();
        }

        private List<RecordPosition>? WriteCheckpoint(IRecordLog log)
        {
            log.BeginCheckpoint();
            // In pieces, with life going on between them; each tells what is committed when it is written.
            for (int piece = 0; piece < 3; piece++)
            {
                int part = piece;
                string text = string.Join(' ', _alive.Where(entry => entry.Key % 3 == part).Select(entry => $"{entry.Key}@{entry.Value.Packed}"));
                Assert.Equal(LogResult.Success, log.AppendCheckpoint(Encoding.ASCII.GetBytes(text)));
                if (_random.Next(2) == 0) Commit(log);
                if (_random.Next(2) == 0) Add(log);
                if (_random.Next(2) == 0) Finish(log);
            }
            if (_random.Next(10) == 0) return null;
            Assert.Equal(LogResult.Success, log.EndCheckpoint());
            Commit(log);
            // The batch of the last piece must not be the last: a damaged last batch does not count.
            List<RecordPosition>? pieces = log is SegmentLog segments ? [.. segments.LastPieces] : null;
            Add(log);
            Commit(log);
            return pieces;
        }

        private void FreeWhatIsDead(IRecordLog log, List<SectionUse> segments)
        {
            segments.Clear();
            log.ListSections(segments);
            var needed = _alive.Values.Concat(_open.Values.OfType<RecordPosition>()).Select(position => position.Segment).ToHashSet();
            foreach (var segment in segments)
                if (!needed.Contains(segment.Number) && log.CanFree(segment.Number)) Assert.Equal(LogResult.Success, log.Free(segment.Number));
        }

        private void Apply(Dictionary<int, RecordPosition> messages)
        {
            foreach (var (message, position) in _open)
            {
                if (position is { } there) messages[message] = there;
                else messages.Remove(message);
            }
        }

        private static bool Same(Dictionary<int, RecordPosition> one, Dictionary<int, RecordPosition> other) =>
            one.Count == other.Count && one.All(entry => other.TryGetValue(entry.Key, out var position) && position == entry.Value);
    }
}
