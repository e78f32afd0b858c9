using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using Postern.Text;

namespace Postern.Sts;

/// <summary>Policies as the text of one file, so that a new start forgets none (RFC 8461 §3.3).</summary>
/// <remarks>
/// The first line names the format. Each entry has a line of four fields parted by tabs: domain, id, when it was fetched in
/// seconds since 1970, and a checksum (CRC-32C) of the three and the policy; then the policy's lines as they came, a tab before
/// each. An entry that was damaged is dropped up to the next line without a tab: its checksum is wrong, or else it would be a
/// policy that nobody published. The checksum is against disks; whoever can write the file can write any policy.
/// </remarks>
public static class StsCacheText
{
    /// <summary>The most entries. Arbitrary: of the domains that a server sends to, few have a policy.</summary>
    public const int MaxEntries = 10_000;

    /// <summary>The longest text, in bytes. Arbitrary: each of that many entries may have 1,600.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>The longest domain, in bytes (RFC 5321 §4.5.3.1.2).</summary>
    public const int MaxDomain = 255;

    private const int Fields = 4;
    private const int ChecksumDigits = 8;
    private const int MaxHeadLine = MaxDomain + StsRecord.MaxId + DecimalText.MaxDigits + ChecksumDigits + Fields;

    // The last second of the year 9999.
    private static readonly ulong _maxSeconds = (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private static ReadOnlySpan<byte> Heading => "postern-sts 1\n"u8;

    /// <summary>Writes entries, at most <see cref="MaxEntries"/> and <see cref="MaxLength"/> bytes: those in front come first, and
    /// the rest is left out. Times are cut to whole seconds.</summary>
    /// <exception cref="ArgumentException">A domain or an id that could not be read again.</exception>
    public static byte[] Write(IEnumerable<StsEntry> entries)
    {
        var text = new ArrayBufferWriter<byte>();
        text.Write(Heading);
        var one = new ArrayBufferWriter<byte>();
        foreach (var entry in entries.Take(MaxEntries))
        {
            one.ResetWrittenCount();
            Write(entry, one);
            if (text.WrittenCount + one.WrittenCount > MaxLength) break;
            text.Write(one.WrittenSpan);
        }
        return text.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write(IEnumerable{StsEntry})"/> wrote; every policy is judged anew.</summary>
    /// <param name="text">All of it.</param>
    /// <param name="entries">The entries that are whole, in their order; of two for one domain the first.</param>
    /// <param name="damaged">How many others there were.</param>
    /// <returns>False for another format and for a text that is too long: then there are no entries.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out IReadOnlyList<StsEntry> entries, out int damaged)
    {
        var found = new List<StsEntry>();
        entries = found;
        damaged = 0;
        if (text.Length > MaxLength || !text.StartsWith(Heading)) return false;
        var domains = new HashSet<string>(StringComparer.Ordinal);
        var source = new ArrayBufferWriter<byte>();
        text = text[Heading.Length..];
        while (!text.IsEmpty)
        {
            var head = TakeLine(ref text);
            TakeSource(ref text, source);
            if (found.Count < MaxEntries && ReadEntry(head, source.WrittenSpan) is { } entry && domains.Add(entry.Domain)) found.Add(entry);
            else damaged++;
        }
        return true;
    }

    private static void Write(StsEntry entry, ArrayBufferWriter<byte> output)
    {
        byte[] domain = Encoding.UTF8.GetBytes(entry.Domain), id = Encoding.UTF8.GetBytes(entry.Id);
        if (!IsDomain(domain) || !StsRecord.IsId(id)) throw new ArgumentException("An entry that can't be read again.", nameof(entry));
        long seconds = Math.Max(entry.Fetched.ToUnixTimeSeconds(), 0);
        byte[] named = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{entry.Domain}\t{entry.Id}\t{seconds}\t"));
        ReadOnlySpan<byte> rest = entry.Policy.Source;
        output.Write(named);
        output.Write(Encoding.ASCII.GetBytes($"{Checksum(named, rest):x8}\n"));
        while (true)
        {
            int end = rest.IndexOf((byte)'\n');
            output.Write("\t"u8);
            output.Write(end < 0 ? rest : rest[..end]);
            output.Write("\n"u8);
            if (end < 0) return;
            rest = rest[(end + 1)..];
        }
    }

    private static StsEntry? ReadEntry(ReadOnlySpan<byte> head, ReadOnlySpan<byte> source)
    {
        if (head.Length > MaxHeadLine) return null;
        Span<Range> places = stackalloc Range[Fields];
        int count = 0;
        foreach (var place in head.Split((byte)'\t'))
        {
            if (count == Fields) return null;
            places[count++] = place;
        }
        if (count != Fields) return null;
        var domain = head[places[0]];
        var id = head[places[1]];
        var time = head[places[2]];
        var sum = head[places[3]];
        if (!IsDomain(domain) || !StsRecord.IsId(id)) return null;
        if (!DecimalText.TryRead(time, out ulong seconds) || seconds > _maxSeconds || (time[0] == '0' && time.Length > 1)) return null;
        if (!sum.SequenceEqual(Encoding.ASCII.GetBytes($"{Checksum(head[..^sum.Length], source):x8}"))) return null;
        if (!StsPolicy.TryParse(source, out var policy)) return null;
        return new StsEntry(Encoding.ASCII.GetString(domain), Encoding.ASCII.GetString(id), DateTimeOffset.FromUnixTimeSeconds((long)seconds), policy);
    }

    /// <summary>Takes all lines that begin with a tab, and joins what stands behind it.</summary>
    private static void TakeSource(ref ReadOnlySpan<byte> text, ArrayBufferWriter<byte> source)
    {
        source.ResetWrittenCount();
        for (bool isFirst = true; !text.IsEmpty && text[0] == '\t'; isFirst = false)
        {
            if (!isFirst) source.Write("\n"u8);
            source.Write(TakeLine(ref text)[1..]);
        }
    }

    /// <summary>Takes a line. One that the file's end cuts off is taken as well: the checksum tells whether anything is missing.</summary>
    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)'\n');
        var line = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return line;
    }

    private static bool IsDomain(ReadOnlySpan<byte> text) =>
        text.Length <= MaxDomain && ExchangerPattern.IsNameText(text) && !text.ContainsAnyInRange((byte)'A', (byte)'Z');

    private static uint Checksum(ReadOnlySpan<byte> named, ReadOnlySpan<byte> source)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in named) sum = BitOperations.Crc32C(sum, value);
        foreach (byte value in source) sum = BitOperations.Crc32C(sum, value);
        return ~sum;
    }
}
