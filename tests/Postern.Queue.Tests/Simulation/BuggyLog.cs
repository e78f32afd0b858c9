using System.Buffers.Binary;
using Postern.Spool;

namespace Postern.Queue.Tests.Simulation;

/// <summary>A log as a queue with one of the mistakes uses it.</summary>
internal sealed class BuggyLog(IRecordLog log, PlantedBug bug, BuggyDisk disk) : IRecordLog
{
    // Where they stand in a result: docs/queue-format.md, section 10.
    private const int Recipient = 8;
    private const int Station = 12;
    private const int Owes = 22;
    private const byte Done = 2;
    private const byte Owed = 3;

    private LogResult? _settledEarly;

    public string? LastFailure => log.LastFailure;

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

    public LogResult Append(RecordKind kind, ReadOnlySpan<byte> payload, out RecordPosition position)
    {
        var written = payload.ToArray();
        if (kind == RecordKind.Result && bug == PlantedBug.ResultOfAnother)
        {
            var recipient = BinaryPrimitives.ReadUInt32LittleEndian(payload[Recipient..]);
            BinaryPrimitives.WriteUInt32LittleEndian(written.AsSpan(Recipient), recipient == 0 ? 0 : recipient - 1);
        }
        else if (kind == RecordKind.Result && bug == PlantedBug.DebtForgotten && payload[Station] == Owed)
        {
            (written[Station], written[Owes]) = (Done, 0);
        }

        return log.Append(kind, written, out position);
    }

    public LogResult WriteOut() => log.WriteOut();

    public LogResult Seal(out IPendingCommit? pending) => log.Seal(out pending);

    public LogResult Settle()
    {
        var result = _settledEarly ?? log.Settle();
        _settledEarly = null;
        return result;
    }

    public LogResult Commit() => log.Commit();

    public ReadResult Read(RecordPosition position, Span<byte> destination, out RecordKind kind, out int length) =>
        log.Read(position, destination, out kind, out length);

    public void BeginCheckpoint()
    {
        if (bug == PlantedBug.CheckpointWithoutTheUnsettled)
        {
            _settledEarly = log.Settle(); // The log now thinks that the tables hold that batch.
        }

        log.BeginCheckpoint();
    }

    public LogResult AppendCheckpoint(ReadOnlySpan<byte> piece) => log.AppendCheckpoint(piece);

    public LogResult EndCheckpoint() => log.EndCheckpoint();

    public void ListSections(List<SectionUse> sections)
    {
        log.ListSections(sections);
        if (bug == PlantedBug.FreedWithoutCheckpoint && sections.Count > 2)
        {
            sections.RemoveAt(0); // The next one is let go first.
        }
    }

    public bool CanFree(uint section) => log.CanFree(section);

    public LogResult Free(uint section)
    {
        var result = log.Free(section);
        if (result == LogResult.Success && bug == PlantedBug.FreedBeforeItsCopy)
        {
            disk.Drop(section);
        }

        return result;
    }

    public LogResult Prepare() => log.Prepare();

    public void Dispose() => log.Dispose();
}
