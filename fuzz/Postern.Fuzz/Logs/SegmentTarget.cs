using System.Buffers.Binary;
using Postern.Fuzz.Oracles;
using Postern.Spool;
using Postern.Spool.Tests.SecondReader;

namespace Postern.Fuzz.Logs;

/// <summary>A log with damages, and with records that were forged well, read by the product and by the second reader of the tests,
/// which was written from the page about the format. The input tells what is done to a log that is whole.</summary>
internal static class SegmentTarget
{
    private const int MaxChanges = 12;

    private static readonly SortedDictionary<string, byte[]> s_sample = SampleLog.Make();

    private static readonly (string Name, int Offset)[] s_records = [.. FindRecords()];

    internal static void Run(ReadOnlySpan<byte> input)
    {
        SortedDictionary<string, byte[]> files = new(s_sample, StringComparer.Ordinal);
        var reader = new InputReader(input);
        for (int change = 0; change < MaxChanges && !reader.AtEnd; change++) Change(files, ref reader);
        var second = new QueueFormatReader(files);
        using var product = new LogReader(new ArrayDisk(files));
        var seen = new SeenLog();
        Demand.That(product.Scan(seen, salvage: false, out var report).Ok, "a log that can't be read");
        string[] expected = [.. second.All.Select(record => SeenLog.Line(
            record.Kind, Position(record), record.Kind == (byte)RecordKind.Content ? $"{record.Payload.Length}" : Demand.Latin(record.Payload)))];
        Demand.Equal(string.Join('\n', expected), string.Join('\n', seen.Records), "the records");
        string[] damages =
        [
            .. second.Outside.Where(damage => damage.Reason != DamageReason.Checkpoint).Concat(second.Inside(default))
                .Select(damage => new Damage(damage.Place.Segment, damage.Place.Offset, damage.Length, damage.Reason).ToString()),
        ];
        Demand.Equal(string.Join('\n', damages.Order(StringComparer.Ordinal)), string.Join('\n', seen.Damages.Order(StringComparer.Ordinal)), "the damages");
        Demand.Equal(string.Join(' ', second.Kept.Select(segment => segment.Number)), string.Join(' ', report!.Segments.Select(segment => segment.Number)), "the segments");
        foreach (var record in second.All) IsReadBack(product, record);
    }

    private static RecordPosition Position(FoundRecord record) => new(record.Place.Segment, record.Place.Offset);

    private static void IsReadBack(LogReader product, FoundRecord record)
    {
        byte[] destination = new byte[record.Payload.Length];
        Demand.Equal(ReadResult.Success, product.Read(Position(record), destination, out var kind, out int length), "a record that was shown");
        Demand.Equal((record.Kind, record.Payload.Length), ((byte)kind, length), "its kind and length");
        Demand.Same(record.Payload, destination, "its payload");
    }

    private static void Change(SortedDictionary<string, byte[]> files, ref InputReader reader)
    {
        string[] names = [.. files.Keys];
        int what = reader.Below(8);
        var (record, offset) = s_records[reader.Below(s_records.Length)];
        string name = what < 4 && names.Length > 0 ? names[reader.Below(names.Length)] : record;
        if (!files.TryGetValue(name, out byte[]? file)) return;
        byte[] changed = [.. file];
        int at = (int)(reader.UInt32() % 65536);
        switch (what)
        {
            case 0:
                files.Remove(name);
                return;
            case 1:
                files[name] = changed[..Math.Min(at, changed.Length)];
                return;
            case 2 when at + 512 <= changed.Length:
                changed.AsSpan(at & -512, 512).Clear();
                break;
            case 3 when at < changed.Length:
                changed[at] ^= (byte)(1 << reader.Below(8));
                break;
            // A byte of a record, with and without its checksums made good.
            case 4 or 5 or 6 or 7 when offset + 64 <= changed.Length:
                changed[offset + (at % 64)] = reader.Byte();
                if (what > 4) Sign(changed, name, offset);
                break;
        }
        files[name] = changed;
    }

    /// <summary>Gives a record the checksums that its bytes need, so that only its meaning is wrong.</summary>
    private static void Sign(byte[] file, string name, int offset)
    {
        ulong epoch = BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(16));
        var place = new Place(Convert.ToUInt32(name[^8..], 16), (uint)offset);
        uint length = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(offset + 16)), (uint)(file.Length - offset - 24));
        uint seed = Castagnoli.Seed((uint)(epoch >> 32), place);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset + 20), Castagnoli.Over(seed, file.AsSpan(offset + 24, (int)length)));
        seed = Castagnoli.Seed((uint)(epoch & uint.MaxValue), place);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), Castagnoli.Over(seed, file.AsSpan(offset + 4, 20)));
    }

    private static IEnumerable<(string Name, int Offset)> FindRecords()
    {
        foreach (var (name, file) in s_sample)
            for (int at = 8192; at + 24 <= file.Length; at += 8)
                if (file[at + 4] == 'P' && file[at + 5] == 'q' && file[at + 7] == 0) yield return (name, at);
    }
}
