namespace Postern.Spool.Tests.SecondReader;

/// <summary>Which records count (section 4, and section 6, step 6).</summary>
internal sealed class Batches
{
    private readonly List<FoundRecord> _records;

    /// <param name="records">All records but lists, in order.</param>
    /// <param name="begun">The highest batch number of a list: every batch before it was durable.</param>
    internal Batches(List<FoundRecord> records, ulong begun)
    {
        _records = records;
        if (records.Count == 0) return;
        ulong last = records.Max(record => record.Batch);
        var batch = records.Where(record => record.Batch == last).ToList();
        if (last < begun || IsComplete(batch)) return;
        bool hasCommit = batch.Exists(record => record.Kind == FoundRecord.Commit);
        Dropped = last;
        Tail = new(batch[0].Place, hasCommit ? DamageReason.IncompleteBatch : DamageReason.TornTail);
        // What was to be there since the batch before is this one's loss, not another damage.
        DroppedFrom = records.Where(record => record.Batch != last).Select(record => new Place(record.Place.Segment, record.End)).DefaultIfEmpty().Max();
    }

    /// <summary>The number of the last batch when it does not count, else 0.</summary>
    internal ulong Dropped { get; }

    internal Place DroppedFrom { get; }

    internal FoundDamage? Tail { get; }

    internal IEnumerable<FoundRecord> Counting =>
        _records.Where(record => record.IsWhole && record.IsKnown && record.Batch != Dropped);

    private static bool IsComplete(List<FoundRecord> batch)
    {
        var commit = batch[^1];
        if (commit.Kind != FoundRecord.Commit || commit.Payload.Length != 16 || batch.Exists(record => !record.IsWhole)) return false;
        uint headers = 0;
        foreach (var record in batch.SkipLast(1)) headers = Castagnoli.Over(headers, record.Header);
        return BitConverter.ToUInt32(commit.Payload) == batch.Count - 1
            && BitConverter.ToUInt32(commit.Payload, 4) == headers
            && Place.Read(commit.Payload.AsSpan(8)) == batch[0].Place;
    }
}
