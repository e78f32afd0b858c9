using System.Runtime.InteropServices;

namespace Postern.Spool;

/// <summary>Decides which of the records that a walk finds count.</summary>
/// <remarks>
/// A batch counts when its commit record is there and fits: count, first place, and the checksum over all headers. What
/// is wrong in a batch has one of two causes. If anything of a later batch exists, this one had been on stable storage,
/// because the next is only begun after a successful sync: so it was damaged later, and what is whole in it counts. If it
/// is the last of all, its writing was cut off by a crash, and nothing of it counts: nobody was told that it succeeded.
/// </remarks>
/// <param name="accept">Receives each record that counts, in order.</param>
/// <param name="damaged">Receives what is wrong.</param>
/// <param name="salvage">True to count what is whole even in the last batch: for rescuing, not for running.</param>
internal sealed class BatchSorter(Action<RecordPosition, RecordHeader> accept, Action<Damage> damaged, bool salvage)
{
    private readonly List<(RecordPosition Position, RecordHeader Header)> _open = [];
    private readonly List<Damage> _held = [];
    private RecordPosition _first;
    private uint _checksum;
    private uint _count;
    private bool _flawed;
    private bool _hasCommit;

    /// <summary>The batch that comes next, or that is open; 0 before the first.</summary>
    internal ulong Batch { get; private set; }

    /// <summary>
    /// The segment that the walk began with, when it may have begun within a batch: what was written of that batch before
    /// is durable, because it is synced before the next segment is made. 0 when the walk began with a batch.
    /// </summary>
    internal uint BeganWithin { get; init; }

    /// <summary>Where the last batch that counts ends.</summary>
    internal RecordPosition End { get; set; }

    /// <summary>A segment's list says with which batch it begins.</summary>
    internal void BeginSegment(ulong batch, RecordPosition position)
    {
        if (batch <= Batch) return;
        CloseProven(position);
        Batch = batch;
    }

    /// <summary>The number that no batch has had so far.</summary>
    internal ulong Next => Math.Max(1, IsOpen ? Batch + 1 : Batch);

    private bool IsOpen => _count > 0 || _hasCommit || _held.Count > 0;

    /// <summary>Something is wrong at this point of the walk.</summary>
    /// <param name="damage">What.</param>
    /// <param name="inBatch">False for what is no part of a batch, so that one may be whole around it.</param>
    internal void Hold(Damage damage, bool inBatch = true)
    {
        _held.Add(damage);
        _flawed |= inBatch;
    }

    /// <summary>Takes the next record.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="bytes">Header and payload.</param>
    /// <param name="position">Where it stands.</param>
    /// <param name="whole">True when its payload has the right checksum.</param>
    internal void Take(RecordHeader header, ReadOnlySpan<byte> bytes, RecordPosition position, bool whole)
    {
        // What is released is read again, and the view that these bytes lie in moves there.
        Span<byte> kept = stackalloc byte[RecordHeader.Size + CommitRecord.Size];
        bytes[..Math.Min(bytes.Length, kept.Length)].CopyTo(kept);
        if (header.Batch > Batch) Advance(header.Batch, position);
        if (!whole) Hold(DamageOf(header, position, DamageReason.Payload));
        else if (!RecordKinds.IsKnown(header.Kind)) Hold(DamageOf(header, position, DamageReason.UnknownKind));
        if (header.Kind == RecordKind.Commit)
        {
            TakeCommit(header, kept[RecordHeader.Size..], position, whole);
            return;
        }
        if (_count == 0) _first = position;
        _count++;
        _checksum = Checksum.Over(_checksum, kept[..RecordHeader.Size]);
        if (whole && RecordKinds.IsKnown(header.Kind)) _open.Add((position, header));
    }

    /// <summary>Nothing follows.</summary>
    internal void Finish()
    {
        if (!IsOpen) return;
        if (salvage)
        {
            // What is shown has to be readable afterwards: the log must not be taken to end before it.
            CloseProven(new RecordPosition(uint.MaxValue, uint.MaxValue));
            return;
        }
        var start = _count > 0 ? _first : _held.Count > 0 ? new RecordPosition(_held[0].Segment, _held[0].Offset) : End;
        // With a commit record in place it may have been acknowledged and damaged since: that must be looked at.
        damaged(new Damage(start.Segment, start.Offset, 0, _hasCommit ? DamageReason.IncompleteBatch : DamageReason.TornTail));
        Clear();
    }

    private void TakeCommit(RecordHeader header, ReadOnlySpan<byte> payload, RecordPosition position, bool whole)
    {
        _hasCommit = true;
        bool fits = whole && header.Length == CommitRecord.Size && CommitRecord.TryRead(payload, out var commit)
            && (commit == new CommitRecord(_count, _checksum, _first) || commit.First.Segment < BeganWithin);
        if (!fits || _flawed)
        {
            if (!_flawed) Hold(DamageOf(header, position, DamageReason.Commit));
            return;
        }
        End = new RecordPosition(position.Segment, (uint)SegmentHeader.NextPage(position.Offset + header.Space));
        Release();
        Batch++;
    }

    /// <summary>A record of a later batch: whatever is open had been committed.</summary>
    private void Advance(ulong batch, RecordPosition position)
    {
        bool began = Batch != 0;
        ulong missing = began ? batch - Batch - (_count > 0 || _hasCommit ? 1u : 0u) : 0;
        bool explained = _held.Count > 0;
        CloseProven(position);
        if (missing > 0 && !explained) damaged(new Damage(position.Segment, position.Offset, 0, DamageReason.Gap));
        Batch = batch;
    }

    private void CloseProven(RecordPosition next)
    {
        if (!IsOpen) return;
        if (!_flawed && _count > 0) damaged(new Damage(_first.Segment, _first.Offset, 0, DamageReason.Commit));
        End = next;
        Release();
    }

    private void Release()
    {
        foreach (var damage in _held) damaged(damage);
        foreach (var (position, header) in CollectionsMarshal.AsSpan(_open)) accept(position, header);
        Clear();
    }

    private void Clear()
    {
        _open.Clear();
        _held.Clear();
        (_count, _checksum, _flawed, _hasCommit, _first) = (0, 0, false, false, default);
    }

    private static Damage DamageOf(RecordHeader header, RecordPosition position, DamageReason reason) =>
        new(position.Segment, position.Offset, (uint)header.Space, reason);
}
