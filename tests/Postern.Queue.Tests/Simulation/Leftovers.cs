using Postern.Spool;
using Postern.TestKit;

namespace Postern.Queue.Tests.Simulation;

/// <summary>
/// What earlier lives of a file have left behind its records, made to look as it would look in a log whose records say
/// neither in which segment, nor in which life of the file, nor in which batch they were written.
/// </summary>
internal static class Leftovers
{
    /// <summary>Rewrites the leftovers of every segment in place.</summary>
    /// <param name="disk">The disk between two runs.</param>
    /// <param name="keys">The number and the epoch of every life that a file has had.</param>
    internal static void Revive(SimulatedDisk disk, List<SegmentKey> keys)
    {
        foreach (var name in disk.Names.Where(name => name.StartsWith("segment-", StringComparison.Ordinal)).ToList())
        {
            var content = disk[name];
            if (SegmentHeader.TryRead(content, out var header))
            {
                var (tail, batch) = EndOf(content, header.Key);
                Revive(content, header.Key, tail, batch, keys);
                disk[name] = content;
            }
        }
    }

    /// <summary>Where the records of the present life end, and the number that the next batch would have.</summary>
    private static (int Tail, ulong Batch) EndOf(byte[] content, SegmentKey key)
    {
        var (at, batch) = (SegmentHeader.TableAt, 0ul);
        while (RecordHeader.TryRead(content.AsSpan(at), key, (uint)at, out var header))
        {
            batch = header.Kind == RecordKind.Commit ? header.Batch + 1 : header.Batch;
            at = Next(at, header);
        }

        return (at, batch);
    }

    private static void Revive(byte[] content, SegmentKey key, int at, ulong batch, List<SegmentKey> keys)
    {
        var (count, checksum, first) = (0u, 0u, default(RecordPosition));
        while (at + RecordHeader.Size <= content.Length)
        {
            if (!TryOld(content, at, keys, out var old) || old.Kind == RecordKind.SectionTable)
            {
                at += RecordHeader.Alignment;
                continue;
            }

            var payload = content.AsSpan(at + RecordHeader.Size, old.Length).ToArray();
            if (old.Kind == RecordKind.Commit && CommitRecord.TryRead(payload, out var commit))
            {
                // Its count stays: of a batch that is half overwritten it would not fit in any log.
                new CommitRecord(commit.Count, checksum, first).Write(payload);
            }

            RecordHeader.Write(content.AsSpan(at), key, (uint)at, new RecordHeader(old.Kind, batch, old.Length, 0), payload);
            first = count == 0 ? new RecordPosition(key.Number, (uint)at) : first;
            (count, checksum) = (count + 1, Checksum.Over(checksum, content.AsSpan(at, RecordHeader.Size)));
            if (old.Kind == RecordKind.Commit)
            {
                (count, checksum, batch) = (0, 0, batch + 1);
            }

            at = Next(at, old);
        }
    }

    private static bool TryOld(byte[] content, int at, List<SegmentKey> keys, out RecordHeader header)
    {
        header = default;
        if (content[at + 4] != 'P' || content[at + 5] != 'q')
        {
            return false;
        }

        foreach (var key in keys)
        {
            if (RecordHeader.TryRead(content.AsSpan(at), key, (uint)at, out header) && at + header.Space <= content.Length
                && header.Covers(content.AsSpan(at + RecordHeader.Size, header.Length), key, (uint)at))
            {
                return true;
            }
        }

        return false;
    }

    private static int Next(int at, RecordHeader header) => header.Kind is RecordKind.Commit or RecordKind.SectionTable
        ? (int)SegmentHeader.NextPage(at + header.Space)
        : at + header.Space;
}
