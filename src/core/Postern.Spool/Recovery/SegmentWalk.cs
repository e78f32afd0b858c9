namespace Postern.Spool;

/// <summary>Goes through a segment record by record, and past what is damaged to the next one that holds.</summary>
internal static class SegmentWalk
{
    /// <summary>Walks from a place to the segment's end.</summary>
    /// <param name="window">The view.</param>
    /// <param name="segment">The segment; when its end is not known yet, it is set to the end of the last record found.</param>
    /// <param name="from">Where to begin: the list of segments, or a batch.</param>
    /// <param name="sorter">Receives what is found.</param>
    internal static void Walk(ScanWindow window, Segment segment, uint from, BatchSorter sorter)
    {
        uint offset = from;
        while (offset < segment.End)
        {
            if (!TryHeader(window, segment, offset, out var header) || header.Batch < sorter.Batch)
            {
                uint next = Find(window, segment, offset + RecordHeader.Alignment, sorter.Batch);
                uint end = next == 0 ? segment.End : next;
                // Behind the last record of the last segment there is nothing, whatever the bytes are.
                if (next == 0 && !segment.EndIsKnown) break;
                sorter.Hold(new Damage(segment.Key.Number, offset, end - offset, DamageReason.Header), offset != SegmentHeader.TableAt);
                offset = end;
                continue;
            }
            var bytes = window.Get(segment, offset, RecordHeader.Size + header.Length);
            var position = new RecordPosition(segment.Key.Number, offset);
            bool whole = header.Covers(bytes[RecordHeader.Size..], segment.Key, offset);
            bool closes = header.Kind is RecordKind.Commit or RecordKind.SectionTable;
            offset += (uint)header.Space;
            if (closes) offset = (uint)SegmentHeader.NextPage(offset);
            if (header.Kind == RecordKind.SectionTable) TakeTable(segment, header, position, whole, sorter);
            else sorter.Take(header, bytes, position, whole);
            if (segment.Start == 0) segment.Start = header.Kind == RecordKind.SectionTable ? offset : position.Offset;
        }
        if (!segment.EndIsKnown) segment.End = offset;
    }

    private static void TakeTable(Segment segment, RecordHeader header, RecordPosition position, bool whole, BatchSorter sorter)
    {
        sorter.BeginSegment(header.Batch, position);
        // The records that follow do not depend on it.
        if (!whole) sorter.Hold(new Damage(segment.Key.Number, position.Offset, (uint)header.Space, DamageReason.SegmentTable), inBatch: false);
    }

    private static bool TryHeader(ScanWindow window, Segment segment, uint offset, out RecordHeader header) =>
        RecordHeader.TryRead(window.Get(segment, offset, RecordHeader.Size), segment.Key, offset, out header)
        && (long)offset + header.Space <= segment.Reach;

    /// <summary>The next place where a record begins; 0 when there is none.</summary>
    private static uint Find(ScanWindow window, Segment segment, uint offset, ulong batch)
    {
        while (offset < segment.End)
        {
            var view = window.Get(segment, offset, ScanWindow.Capacity / 2);
            int last = view.Length - RecordHeader.Size;
            for (int at = 0; at <= last; at += RecordHeader.Alignment)
            {
                if (RecordHeader.TryRead(view[at..], segment.Key, offset + (uint)at, out var header)
                    && header.Batch >= batch && (long)offset + at + header.Space <= segment.Reach) return offset + (uint)at;
            }
            if (last < 0) return 0;
            offset += (uint)((last / RecordHeader.Alignment * RecordHeader.Alignment) + RecordHeader.Alignment);
        }
        return 0;
    }
}
