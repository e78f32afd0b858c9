using System.Buffers.Binary;

namespace Postern.Crash.Power;

/// <summary>What a disk was told to do: the writes between each two flushes. The format is in <c>eng/disk/test-disk.c</c>.</summary>
internal sealed class DiskRecord
{
    private const int Header = 16;
    private const int Flush = 2;

    private readonly List<Interval> _intervals = [];

    /// <summary>Reads a record.</summary>
    internal DiskRecord(byte[] log)
    {
        List<DiskWrite> writes = [];
        for (var at = 0; at < log.Length;)
        {
            var head = log.AsSpan(at, Header);
            var length = BinaryPrimitives.ReadInt32LittleEndian(head[8..]);
            if (BinaryPrimitives.ReadInt32LittleEndian(head[12..]) == Flush)
            {
                _intervals.Add(new Interval(writes, at));
                writes = [];
            }
            else
            {
                writes.Add(new DiskWrite(BinaryPrimitives.ReadInt64LittleEndian(head), log.AsMemory(at + Header, length)));
            }

            at += Header + length;
        }

        _intervals.Add(new Interval(writes, log.Length));
    }

    /// <summary>In the order of time; the last one has no flush at its end.</summary>
    internal IReadOnlyList<Interval> Intervals => _intervals;

    /// <summary>What was written between two flushes.</summary>
    /// <param name="Writes">The writes, in the order in which the disk was given them.</param>
    /// <param name="End">Where the record of the flush at the end begins: the time.</param>
    internal sealed record Interval(IReadOnlyList<DiskWrite> Writes, long End);
}
