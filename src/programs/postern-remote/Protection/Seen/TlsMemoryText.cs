using System.Buffers;
using System.Globalization;
using System.Text;
using Postern.Text;

namespace Postern.Remote.Protection.Seen;

/// <summary>What is remembered, as the text of one file.</summary>
/// <remarks>
/// The first line names the format. Each other one has a destination, when it last had TLS and since when it has none, or "-", both in
/// seconds since 1970, parted by tabs. A line that is not so is passed over: what it said is found out anew.
/// </remarks>
internal static class TlsMemoryText
{
    /// <summary>The longest text: as many lines as there may be, of the length that most are below.</summary>
    internal const int MaxLength = TlsMemory.MaxTraces * 100;

    /// <summary>A domain or a host (255 octets), a colon and a port.</summary>
    private const int MaxDestination = 261;

    private const int Fields = 3;

    // The last second of the year 9999.
    private static readonly ulong _maxSeconds = (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private static ReadOnlySpan<byte> Heading => "postern-tls-seen 1\n"u8;

    /// <summary>Writes traces as far as they fit, those in front first. Times are cut to whole seconds.</summary>
    internal static byte[] Compose(IEnumerable<TlsTrace> traces)
    {
        var text = new ArrayBufferWriter<byte>();
        text.Write(Heading);
        foreach (var trace in traces)
        {
            var lost = trace.Lost is { } since ? Seconds(since) : "-";
            var line = Encoding.Latin1.GetBytes($"{trace.Destination}\t{Seconds(trace.Seen)}\t{lost}\n");
            if (text.WrittenCount + line.Length > MaxLength)
            {
                break;
            }

            text.Write(line);
        }

        return text.WrittenSpan.ToArray();
    }

    /// <summary>Reads them.</summary>
    /// <param name="text">All of it.</param>
    /// <param name="traces">Those that are whole, in their order.</param>
    /// <param name="damaged">How many others there were.</param>
    /// <returns>False for another format, and for a text that is too long: then there are none.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> text, out IReadOnlyList<TlsTrace> traces, out int damaged)
    {
        var found = new List<TlsTrace>();
        (traces, damaged) = (found, 0);
        if (text.Length > MaxLength || !text.StartsWith(Heading))
        {
            return false;
        }

        text = text[Heading.Length..];
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            // One without its end was cut off, and a number may be another then.
            if (end >= 0 && found.Count < TlsMemory.MaxTraces && ReadLine(text[..end]) is { } trace)
            {
                found.Add(trace);
            }
            else
            {
                damaged++;
            }

            text = end < 0 ? default : text[(end + 1)..];
        }

        return true;
    }

    private static TlsTrace? ReadLine(ReadOnlySpan<byte> line)
    {
        Span<Range> places = stackalloc Range[Fields];
        var count = 0;
        foreach (var place in line.Split((byte)'\t'))
        {
            if (count == Fields)
            {
                return null;
            }

            places[count++] = place;
        }

        if (count != Fields)
        {
            return null;
        }

        var lost = line[places[2]];
        var isThere = lost.SequenceEqual("-"u8);
        return IsDestination(line[places[0]]) && Moment(line[places[1]]) is { } seen && (isThere || Moment(lost) is not null)
            ? new TlsTrace(Encoding.ASCII.GetString(line[places[0]]), seen, isThere ? null : Moment(lost)) : null;
    }

    private static bool IsDestination(ReadOnlySpan<byte> text) => text.Length is > 0 and <= MaxDestination
        && !text.ContainsAnyExceptInRange((byte)'!', (byte)'~') && !text.ContainsAnyInRange((byte)'A', (byte)'Z');

    private static DateTimeOffset? Moment(ReadOnlySpan<byte> text) =>
        DecimalText.TryRead(text, out var seconds) && seconds <= _maxSeconds ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;

    private static string Seconds(DateTimeOffset moment) => Math.Max(moment.ToUnixTimeSeconds(), 0).ToString(CultureInfo.InvariantCulture);
}
