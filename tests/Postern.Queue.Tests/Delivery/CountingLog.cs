using Postern.Spool;

namespace Postern.Queue.Tests.Delivery;

/// <summary>A log that counts what is done with it.</summary>
/// <param name="log">The log itself.</param>
/// <param name="longBytes">From how many bytes on a record counts as long.</param>
internal sealed class CountingLog(IRecordLog log, int longBytes = int.MaxValue) : IRecordLog
{
    /// <summary>How often a long record was read.</summary>
    internal int LongReads { get; private set; }

    /// <summary>How many bytes of content were appended.</summary>
    internal long ContentBytes { get; private set; }

    /// <summary>How often a checkpoint was begun.</summary>
    internal int Checkpoints { get; private set; }

    /// <summary>How many of them came to their end.</summary>
    internal int Completed { get; private set; }

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
        var result = log.Append(kind, payload, out position);
        ContentBytes += kind == RecordKind.Content && result == LogResult.Success ? payload.Length : 0;
        return result;
    }

    public LogResult WriteOut() => log.WriteOut();

    public LogResult Seal(out IPendingCommit? pending) => log.Seal(out pending);

    public LogResult Settle() => log.Settle();

    public LogResult Commit() => log.Commit();

    public ReadResult Read(RecordPosition position, Span<byte> destination, out RecordKind kind, out int length)
    {
        var result = log.Read(position, destination, out kind, out length);
        LongReads += length >= longBytes ? 1 : 0;
        return result;
    }

    public void BeginCheckpoint()
    {
        Checkpoints++;
        log.BeginCheckpoint();
    }

    public LogResult AppendCheckpoint(ReadOnlySpan<byte> piece) => log.AppendCheckpoint(piece);

    public LogResult EndCheckpoint()
    {
        var result = log.EndCheckpoint();
        Completed += result == LogResult.Success ? 1 : 0;
        return result;
    }

    public void ListSections(List<SectionUse> sections) => log.ListSections(sections);

    public bool CanFree(uint section) => log.CanFree(section);

    public LogResult Free(uint section) => log.Free(section);

    public LogResult Prepare() => log.Prepare();

    public void Dispose() => log.Dispose();
}
