namespace Postern.Spool;

/// <summary>A sliding view of the segments for reading them through: large reads, and no page twice unless one goes back.</summary>
internal sealed class ScanWindow(SegmentList segments, Action<Damage> unreadable)
{
    /// <summary>Twice the longest record, so that a record is always in the view as a whole.</summary>
    internal const int Capacity = 2 * IRecordLog.MaxPayload;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Capacity);
    private Segment? _segment;
    private uint _start;
    private int _length;

    /// <summary>The bytes at a place; fewer than asked where the segment ends.</summary>
    internal ReadOnlySpan<byte> Get(Segment segment, uint offset, int count)
    {
        count = (int)Math.Min(count, Math.Max(0L, (long)segment.End - offset));
        if (segment != _segment || offset < _start || (long)offset + count > (long)_start + _length) Fill(segment, offset);
        return _bytes.AsSpan((int)(offset - _start), Math.Min(count, _length - (int)(offset - _start)));
    }

    private void Fill(Segment segment, uint offset)
    {
        (_segment, _start) = (segment, offset);
        int wanted = (int)Math.Min(Capacity, Math.Max(0L, (long)segment.End - offset));
        var result = segments.Read(segment, offset, _bytes.AsSpan(0, wanted));
        _length = result.Ok ? (int)result.Value : wanted;
        if (!result.Ok) FillByPage(segment, offset, wanted);
    }

    /// <summary>One bad sector must not hide its neighbours: what can't be read becomes zeros, which no checksum fits.</summary>
    private void FillByPage(Segment segment, uint offset, int wanted)
    {
        for (int at = 0; at < wanted; at += SegmentHeader.Page)
        {
            var page = _bytes.AsSpan(at, Math.Min(SegmentHeader.Page, wanted - at));
            if (segments.Read(segment, offset + (uint)at, page).Ok) continue;
            page.Clear();
            unreadable(new Damage(segment.Key.Number, offset + (uint)at, (uint)page.Length, DamageReason.Unreadable));
        }
    }
}
