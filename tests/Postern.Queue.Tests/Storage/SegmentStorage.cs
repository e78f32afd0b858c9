using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests.Storage;

/// <summary>The log that ships, on a simulated disk.</summary>
internal sealed class SegmentStorage : RigStorage
{
    private readonly SimulatedDisk _disk;
    private readonly int _segmentBytes;
    private readonly CountedLog _log;

    internal SegmentStorage(int sectionBytes)
        : this(new SimulatedDisk(), Math.Max(4 * sectionBytes, 64 * 1024)) // The longest envelope has to fit into one.
    {
    }

    private SegmentStorage(SimulatedDisk disk, int segmentBytes)
    {
        (_disk, _segmentBytes) = (disk, segmentBytes);
        _log = new CountedLog(new SegmentLog(disk, new LogOptions { SegmentBytes = segmentBytes, MinFreeBytes = 0, ZeroedPerCall = 0 }), disk);
    }

    internal override IRecordLog Log => _log;

    internal override int Commits => _log.Commits;

    internal override int CommitsUntilFailure
    {
        set => _log.CommitsUntilFailure = value;
    }

    internal override void FillUp()
    {
        _disk.Capacity = _disk.UsedBytes;
        // Records of this class may use up what is reserved for others; what they hold means nothing to the queue.
        for (var size = _segmentBytes / 4; size > 0; size /= 2)
        {
            while (_log.Append(RecordKind.Result, new byte[size], out _) == LogResult.Success)
            {
            }
        }

        Assert.Equal(LogResult.Success, _log.Commit());
    }

    internal override void MakeRoom() => _disk.Capacity = long.MaxValue;

    internal override RigStorage Crash(bool keepOpenBatch)
    {
        if (keepOpenBatch && _log.IfKept is null)
        {
            Assert.Equal(LogResult.Success, _log.Commit());
        }

        var left = (keepOpenBatch ? _log.IfKept : _log.IfLost) ?? (keepOpenBatch ? _disk.Kill() : _disk.Crash(() => false));
        left.Capacity = long.MaxValue;
        return new SegmentStorage(left, _segmentBytes);
    }

    /// <summary>Counts commits and lets one fail: whether it reached the disk is decided by who looks.</summary>
    private sealed class CountedLog(SegmentLog log, SimulatedDisk disk) : IRecordLog
    {
        private bool _isEmpty = true;
        private bool _isSealed;

        internal int Commits { get; private set; }

        internal int CommitsUntilFailure { get; set; } = -1;

        /// <summary>After a failed commit: the disk with all of the batch.</summary>
        internal SimulatedDisk? IfKept { get; private set; }

        /// <summary>After a failed commit: the disk with nothing of the batch.</summary>
        internal SimulatedDisk? IfLost { get; private set; }

        public string? LastFailure => IfKept is null ? log.LastFailure : "the commit was told to fail";

        public long BytesSinceCheckpoint => log.BytesSinceCheckpoint;

        public uint OldestSection => log.OldestSection;

        public int SectionBytes => log.SectionBytes;

        public bool IsFull => log.IsFull;

        public bool MakesRoom
        {
            get => log.MakesRoom;
            set => log.MakesRoom = value;
        }

        public long RoomForCopies => log.RoomForCopies;

        public LogResult Recover(ILogVisitor visitor, out RecoverySummary summary) => log.Recover(visitor, out summary);

        public LogResult Append(RecordKind kind, ReadOnlySpan<byte> payload, out RecordPosition position) =>
            Begin(log.Append(kind, payload, out position));

        public LogResult WriteOut() => IfKept is null ? log.WriteOut() : LogResult.Failed;

        public LogResult Seal(out IPendingCommit? pending)
        {
            pending = null;
            if (IfKept is not null)
            {
                return LogResult.Failed;
            }

            if (_isEmpty)
            {
                return log.Seal(out pending);
            }

            _isEmpty = true;
            if (CommitsUntilFailure != 0)
            {
                CommitsUntilFailure -= CommitsUntilFailure > 0 ? 1 : 0;
                var result = log.Seal(out pending);
                _isSealed = pending is not null;
                Commits += _isSealed ? 0 : 1;
                return result;
            }

            IfLost = disk.Crash(() => false);
            Assert.Equal(LogResult.Success, log.Commit());
            IfKept = disk.Kill();
            return LogResult.Failed;
        }

        public LogResult Settle()
        {
            Commits += _isSealed ? 1 : 0;
            _isSealed = false;
            return IfKept is null ? log.Settle() : LogResult.Failed;
        }

        public LogResult Commit()
        {
            var result = Settle();
            result = result == LogResult.Success ? Seal(out _) : result;
            return result == LogResult.Success ? Settle() : result;
        }

        public ReadResult Read(RecordPosition position, Span<byte> destination, out RecordKind kind, out int length) =>
            log.Read(position, destination, out kind, out length);

        public void BeginCheckpoint() => log.BeginCheckpoint();

        public LogResult AppendCheckpoint(ReadOnlySpan<byte> piece) => Begin(log.AppendCheckpoint(piece));

        public LogResult EndCheckpoint() => Begin(log.EndCheckpoint());

        public void ListSections(List<SectionUse> sections) => log.ListSections(sections);

        public bool CanFree(uint section) => log.CanFree(section);

        public LogResult Free(uint section) => Begin(log.Free(section));

        public LogResult Prepare() => IfKept is null ? log.Prepare() : LogResult.Failed;

        public void Dispose() => log.Dispose();

        private LogResult Begin(LogResult result)
        {
            _isEmpty &= result != LogResult.Success;
            return IfKept is null ? result : LogResult.Failed;
        }
    }
}
