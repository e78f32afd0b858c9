namespace Postern.Spool.Tests.SecondReader;

/// <summary>Which records count (section 4, and section 6, step 6).</summary>
internal sealed class Batches
{
    private readonly List<FoundRecord> _records;

    /// <param name="records">All records, in order.</param>
    internal Batches(List<FoundRecord> records)
    {
        _records = [.. records.Where(record => record.Kind != FoundRecord.List)];
        if (_records.Count == 0) return;
        ulong last = _records.Max(record => record.Batch);
        var batch = _records.Where(record => record.Batch == last).ToList();
        // A list of segments says that every batch before its number was durable.
        ulong begun = records.Where(record => record.Kind == FoundRecord.List).Select(record => record.Batch).DefaultIfEmpty().Max();
        if (last < begun || IsComplete(batch)) return;
        Dropped = last;
        // What was to be there since the batch before is this one's loss, not another damage.
        DroppedFrom = _records.Where(record => record.Batch != last).Select(record => new Place(record.Place.Segment, record.End))
            .Concat(Proofs(records)).DefaultIfEmpty().Max();
    }

    /// <summary>The number of the last batch when it does not count, else 0.</summary>
    internal ulong Dropped { get; }

    internal Place DroppedFrom { get; }

    internal IEnumerable<FoundRecord> Counting =>
        _records.Where(record => record.IsWhole && record.IsKnown && record.Batch != Dropped);

    /// <summary>True when a commit record fits the other records of its batch.</summary>
    internal static bool Fits(FoundRecord commit, List<FoundRecord> others)
    {
        if (commit.Kind != FoundRecord.Commit || commit.Payload.Length != 16 || !commit.IsWhole) return false;
        uint headers = 0;
        foreach (var record in others) headers = Castagnoli.Over(headers, record.Header);
        return BitConverter.ToUInt32(commit.Payload) == others.Count
            && BitConverter.ToUInt32(commit.Payload, 4) == headers
            && Place.Read(commit.Payload.AsSpan(8)) == (others.Count > 0 ? others[0].Place : default);
    }

    /// <summary>Lists whose number is higher than that of the next batch: what is missing before them was durable, and is damage.</summary>
    private static IEnumerable<Place> Proofs(List<FoundRecord> records)
    {
        ulong next = 0;
        foreach (var record in records)
        {
            if (record.Kind != FoundRecord.List) next = record.Batch + (record.Kind == FoundRecord.Commit ? 1u : 0u);
            else if (record.Batch > next) yield return record.Place;
        }
    }

    private static bool IsComplete(List<FoundRecord> batch) =>
        Fits(batch[^1], batch[..^1]) && !batch.Exists(record => !record.IsWhole);
}
