using System.Globalization;

namespace Postern.Spool.Tests.SecondReader;

/// <summary>A file that is called a segment, with what its header says (sections 1 and 2).</summary>
internal sealed class FoundSegment
{
    private readonly byte[] _file;
    private readonly uint _length;

    private FoundSegment(uint number, byte[] file)
    {
        (Number, _file, _length) = (number, file, (uint)file.Length);
        foreach (int at in new[] { 0, 4096 })
        {
            if (HasHeader || file.Length < at + 32) continue;
            var header = file.AsSpan(at, 32);
            HasHeader = header[..8].SequenceEqual("Postern\0"u8)
                && BitConverter.ToUInt32(header[8..]) == 1
                && BitConverter.ToUInt32(header[12..]) == number
                && BitConverter.ToUInt32(header[28..]) == Castagnoli.Over(0, header[..28]);
            if (!HasHeader) continue;
            Epoch = BitConverter.ToUInt64(header[16..]);
            _length = BitConverter.ToUInt32(header[24..]);
        }
        End = _length;
    }

    internal uint Number { get; }

    internal bool HasHeader { get; }

    internal ulong Epoch { get; private set; }

    /// <summary>Where its records end: at a listed place, or nobody knows and it is the file's end.</summary>
    internal uint End { get; private set; }

    internal bool IsListed { get; private set; }

    /// <summary>True once something of it is known to be lost.</summary>
    internal bool IsDamaged { get; set; }

    internal bool IsTruncated => _file.Length < _length;

    private uint Limit => Math.Min(End, (uint)_file.Length);

    internal static FoundSegment? Of(string name, byte[] file)
    {
        const string Prefix = "segment-";
        if (name.Length != Prefix.Length + 8 || !name.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        if (!name[Prefix.Length..].All(digit => digit is (>= '0' and <= '9') or (>= 'a' and <= 'f'))) return null;
        uint number = uint.Parse(name.AsSpan(Prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return number == 0 ? null : new(number, file);
    }

    /// <summary>Believes what a newer segment's list says of this one.</summary>
    internal void Believe(ListedSegment listed) =>
        (Epoch, End, IsListed, IsDamaged) = (listed.Epoch, listed.End, true, listed.IsDamaged);

    internal FoundRecord? RecordAt(uint offset) => FoundRecord.Read(_file, Limit, new(Number, offset), Epoch);

    /// <summary>The list of segments that stands in it, when that is readable.</summary>
    internal SegmentList? List() =>
        HasHeader && RecordAt(8192) is { Kind: FoundRecord.List, IsWhole: true } record ? SegmentList.Read(record.Payload, Number) : null;

    /// <summary>Every record from the list on, and every stretch where there should be one (section 6, step 5).</summary>
    /// <param name="records">Receives the records, lists included.</param>
    /// <param name="damages">Receives what is wrong.</param>
    /// <param name="batch">The batch that is open or comes next: what has a lower number is left over, and no record.</param>
    internal void Walk(List<FoundRecord> records, List<FoundDamage> damages, ref ulong batch)
    {
        uint at = 8192, lost = 0;
        while (at + 24L <= Limit)
        {
            var record = RecordAt(at);
            if (record is null || record.Batch < batch)
            {
                if (lost == 0) lost = at;
                at += 8;
                continue;
            }
            if (lost != 0) damages.Add(new(new(Number, lost), DamageReason.Header, at - lost));
            lost = 0;
            uint length = record.End - at;
            if (!record.IsWhole) damages.Add(new(record.Place, record.Kind == FoundRecord.List ? DamageReason.SegmentTable : DamageReason.Payload, length));
            else if (!record.IsKnown) damages.Add(new(record.Place, DamageReason.UnknownKind, length));
            records.Add(record);
            batch = record.Batch + (Ends(records) ? 1u : 0u);
            at = record.Next;
        }
        if (lost == 0 && at < End) lost = at;
        if (IsTruncated) damages.Add(new(new(Number, (uint)_file.Length), DamageReason.Truncated, _length - (uint)_file.Length));
        if (IsListed && lost != 0) damages.Add(new(new(Number, lost), DamageReason.Header, End - lost));
    }

    /// <summary>True when the last record is a commit record that fits the others of its batch.</summary>
    private static bool Ends(List<FoundRecord> records)
    {
        var last = records[^1];
        if (last.Kind != FoundRecord.Commit) return false;
        int first = records.Count - 1;
        while (first > 0 && records[first - 1].Batch == last.Batch) first--;
        return Batches.Fits(last, records[first..^1].FindAll(record => record.Kind != FoundRecord.List));
    }
}
