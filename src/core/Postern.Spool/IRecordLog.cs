namespace Postern.Spool;

/// <summary>A log of records: batches are appended, become durable as a whole, are read by position and freed by section.</summary>
/// <remarks>
/// <para>
/// How it is stored is not said here, so that whoever keeps mail in it depends on nothing but this: there is a second
/// implementation in memory, and all that the queue does is tried on both.
/// </para>
/// <para>
/// One thread, but for <see cref="IPendingCommit"/>. The order of a life: <see cref="Recover"/> once, then everything else. Records appended between two commits
/// are a batch: after a crash all of it is there or nothing. Records that have to be true together may share a batch;
/// where even a damaged disk must not part them, they should be one record.
/// </para>
/// <para>
/// <b>When a section may be freed.</b> The caller accounts for what lives: it may call <see cref="Free"/> on a section in
/// which no record is needed any more, that is, no content or envelope of a message that is queued or on its way in, and
/// no result that is still owed to somebody. About other results it need not think: <see cref="CanFree"/> is false unless
/// the section lies wholly before the older of the last two complete checkpoints, or is the oldest of all in a log that
/// was only ever freed from its old end. In the first case nobody reads it again, because recovery begins at the newer
/// checkpoint, or at the older one when the newer is unreadable; in the second everything that its results speak of is
/// gone already, and a checkpoint that reaches back into it no longer counts. So no finished message can come back because
/// its result went first.
/// </para>
/// </remarks>
public interface IRecordLog : IDisposable
{
    /// <summary>The longest payload, in bytes: room for an envelope with tens of thousands of recipients.</summary>
    public const int MaxPayload = 1 << 20;

    /// <summary>The last thing that went wrong in storage, for the operator; null while nothing did.</summary>
    string? LastFailure { get; }

    /// <summary>Shows everything that is committed and makes the log ready for appending.</summary>
    /// <returns>
    /// Success; Full when there is no room to append, though reading works and <see cref="Prepare"/> may help later; Failed
    /// when storage can't be trusted.
    /// </returns>
    LogResult Recover(ILogVisitor visitor, out RecoverySummary summary);

    /// <summary>Appends a record to the open batch.</summary>
    /// <param name="kind">One of the caller's kinds.</param>
    /// <param name="payload">At most <see cref="MaxPayload"/> bytes; copied before the call returns.</param>
    /// <param name="position">Where the record will stand; good for others to see once <see cref="Commit"/> succeeds.</param>
    /// <returns>Full for a kind that grows the queue while only the reserve is left, for others when that is used up, too.</returns>
    LogResult Append(RecordKind kind, ReadOnlySpan<byte> payload, out RecordPosition position);

    /// <summary>Hands the open batch's bytes so far to storage without waiting for them, to keep memory small.</summary>
    LogResult WriteOut();

    /// <summary>Closes the open batch and hands it to storage: it is durable once <see cref="Settle"/> says so.</summary>
    /// <param name="pending">
    /// What may be waited for on any thread while more is appended here; null when nothing has to be waited for.
    /// </param>
    /// <returns>Success or Failed, never Full.</returns>
    /// <remarks>What is appended meanwhile stays in memory as long as it fits there. One batch at a time is sealed and not settled.</remarks>
    LogResult Seal(out IPendingCommit? pending);

    /// <summary>Says whether the batch that was sealed last is durable, and waits for it if need be.</summary>
    /// <returns>Success or Failed, never Full.</returns>
    LogResult Settle();

    /// <summary>Seals and settles: closes the open batch and waits until it is on stable storage.</summary>
    /// <returns>Success or Failed, never Full.</returns>
    LogResult Commit();

    /// <summary>Reads one record, of the open batch or of an earlier one, and checks it when it comes from storage.</summary>
    /// <param name="position">A position that Append or Recover gave and whose section has not been freed.</param>
    /// <param name="destination">Receives the payload.</param>
    /// <param name="kind">The record's kind.</param>
    /// <param name="length">The payload's length, with Success and TooLong.</param>
    ReadResult Read(RecordPosition position, Span<byte> destination, out RecordKind kind, out int length);

    /// <summary>Starts a checkpoint: recovery will begin with the pieces and the records from the open batch on.</summary>
    /// <remarks>An unfinished one is dropped. Pieces may be written over as many batches as the caller likes.</remarks>
    void BeginCheckpoint();

    /// <summary>Appends a piece of the checkpoint to the open batch; it leaves half of the reserve to results.</summary>
    LogResult AppendCheckpoint(ReadOnlySpan<byte> piece);

    /// <summary>Completes the checkpoint; it counts once the open batch is committed.</summary>
    LogResult EndCheckpoint();

    /// <summary>How many bytes recovery would read beyond the last complete checkpoint: the measure for writing a new one.</summary>
    long BytesSinceCheckpoint { get; }

    /// <summary>The number of the oldest section.</summary>
    uint OldestSection { get; }

    /// <summary>How many bytes a section holds.</summary>
    int SectionBytes { get; }

    /// <summary>Lists the sections, oldest first; the last is the one being written.</summary>
    void ListSections(List<SectionUse> sections);

    /// <summary>True when the log would let the section go; see the remarks of this interface.</summary>
    bool CanFree(uint section);

    /// <summary>Gives a section back; it goes when the open batch is committed, and a damaged one is kept aside.</summary>
    /// <param name="section">One for which <see cref="CanFree"/> is true.</param>
    LogResult Free(uint section);

    /// <summary>True while records that grow the queue are refused.</summary>
    bool IsFull { get; }

    /// <summary>
    /// True while what is appended takes the place of what stands in a section that is freed then: with it half of the reserve
    /// may be used up, as by a checkpoint. So a full disk does not keep the log from getting smaller.
    /// </summary>
    bool MakesRoom { get; set; }

    /// <summary>
    /// How many bytes a checkpoint, or what makes room, may still take, about: what is reserved for it, and what could be.
    /// </summary>
    long RoomForCopies { get; }

    /// <summary>Makes room ahead of need. To be called when idle and once a second or so; costs nothing when there is nothing to do.</summary>
    LogResult Prepare();
}

/// <summary>A batch on its way to stable storage.</summary>
public interface IPendingCommit
{
    /// <summary>Waits until it is there or failed; any thread may.</summary>
    void Wait();
}

/// <summary>A section of the log: the part of it that is freed as a whole.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Bytes">How many bytes are written in it.</param>
/// <param name="IsDamaged">True when parts of it could not be read: once freed, it is kept aside for the administrator.</param>
public readonly record struct SectionUse(uint Number, uint Bytes, bool IsDamaged);
