namespace Postern.Spool.Tests.SecondReader;

/// <summary>
/// What is wrong with batches as such: a commit record that is gone or does not fit, numbers that are missing, and a last
/// batch that does not count (the rows Commit, Gap, TornTail and IncompleteBatch of section 6).
/// </summary>
internal sealed class BatchLosses
{
    private readonly List<FoundRecord> _batch = [];
    private readonly uint _beganWithin;
    private Place? _wrong;
    private ulong _number;
    private bool _isHurt;
    private bool _hasCommit;

    /// <param name="found">Records, lists and what stands between, in order.</param>
    /// <param name="beganWithin">The segment that reading begins with when that may be in the middle of a batch; else 0.</param>
    internal BatchLosses(IEnumerable<(Place Place, FoundRecord? Record)> found, uint beganWithin)
    {
        _beganWithin = beganWithin;
        foreach (var (place, record) in found)
        {
            if (record is null) Hurt(place, isPart: place.Offset != 8192); // What stands where a list belongs is no part of a batch.
            else if (record.Kind == FoundRecord.List) TakeList(record);
            else Take(record);
        }
        if (!IsOpen) return;
        var start = _batch.Count > 0 ? _batch[0].Place : _wrong ?? default;
        Tail = new(start, _hasCommit ? DamageReason.IncompleteBatch : DamageReason.TornTail);
    }

    internal List<FoundDamage> Found { get; } = [];

    internal FoundDamage? Tail { get; }

    private bool IsOpen => _batch.Count > 0 || _hasCommit || _wrong is not null;

    private void Hurt(Place place, bool isPart)
    {
        _wrong ??= place;
        _isHurt |= isPart;
    }

    private void TakeList(FoundRecord list)
    {
        if (list.Batch > _number)
        {
            Close();
            _number = list.Batch;
        }
        if (!list.IsWhole) Hurt(list.Place, isPart: false);
    }

    private void Take(FoundRecord record)
    {
        if (record.Batch > _number) Advance(record);
        if (!record.IsWhole || !record.IsKnown) Hurt(record.Place, isPart: true);
        if (record.Kind != FoundRecord.Commit)
        {
            _batch.Add(record);
            return;
        }
        _hasCommit = true;
        bool fits = Batches.Fits(record, _batch)
            || (record.IsWhole && record.Payload.Length == 16 && Place.Read(record.Payload.AsSpan(8)).Segment < _beganWithin);
        if (fits && !_isHurt)
        {
            _number++;
            Clear();
        }
        else if (!_isHurt)
        {
            Found.Add(new(record.Place, DamageReason.Commit, record.End - record.Place.Offset));
            Hurt(record.Place, isPart: true);
        }
    }

    private void Advance(FoundRecord first)
    {
        ulong expected = _number + (_batch.Count > 0 || _hasCommit ? 1u : 0u);
        bool isGap = _number != 0 && first.Batch > expected && _wrong is null;
        Close();
        if (isGap) Found.Add(new(first.Place, DamageReason.Gap));
        _number = first.Batch;
    }

    private void Close()
    {
        if (!_isHurt && _batch.Count > 0) Found.Add(new(_batch[0].Place, DamageReason.Commit));
        Clear();
    }

    private void Clear()
    {
        _batch.Clear();
        (_wrong, _isHurt, _hasCommit) = (null, false, false);
    }
}
