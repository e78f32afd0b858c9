using System.Buffers;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Smtp;

namespace Postern.Fuzz.Sessions;

/// <summary>The framer of lines, as a session uses it: the same lines and faults however they come, beside patterns.</summary>
internal static partial class LineTarget
{
    private const int Max = 24;

    internal static void Run(ReadOnlySpan<byte> input) =>
        Demand.Equal(Reference(Demand.Latin(input)), Pieces.SameHoweverCut(input, Read), "the lines");

    private static string Read(IReadOnlyList<byte[]> pieces)
    {
        var seen = new System.Text.StringBuilder();
        List<byte> buffer = [];
        (bool discards, bool over) = (false, false);
        foreach (byte[] piece in pieces)
        {
            buffer.AddRange(piece);
            for (bool more = true; more && !over;)
            {
                byte[] bytes = [.. buffer];
                LineFault fault;
                int length;
                var status = discards ? LineFramer.Discard(bytes, out length, out fault) : LineFramer.Find(bytes, Max, out length, out fault);
                if (status == OperationStatus.Done && !discards) seen.Append('[').Append(Demand.Latin(bytes.AsSpan(0, length - 2))).Append(']');
                if (status != OperationStatus.InvalidData || discards) buffer.RemoveRange(0, length);
                over = status == OperationStatus.InvalidData && fault != LineFault.TooLong;
                if (fault != LineFault.None) seen.Append(fault);
                more = status != OperationStatus.NeedMoreData;
                discards = fault == LineFault.TooLong || (discards && status == OperationStatus.NeedMoreData);
            }
        }
        return seen.ToString();
    }

    private static string Reference(string text)
    {
        var seen = new System.Text.StringBuilder();
        while (true)
        {
            var line = Line().Match(text);
            if (line.Success)
            {
                seen.Append('[').Append(line.Value.AsSpan(0, line.Length - 2)).Append(']');
                text = text[line.Length..];
                continue;
            }
            var bad = Bad().Match(text.Length > Max ? text[..Max] : text);
            if (bad.Success) return seen.Append(FaultOf(bad.Groups["fault"].Value)).ToString();
            if (text.Length < Max) return seen.ToString();
            seen.Append(LineFault.TooLong);
            var rest = Rest().Match(text);
            if (!rest.Success) return seen.ToString();
            if (rest.Groups["fault"].Success) return seen.Append(FaultOf(rest.Groups["fault"].Value)).ToString();
            text = text[rest.Length..];
        }
    }

    private static LineFault FaultOf(string text) => text[0] switch { '\r' => LineFault.BareCarriageReturn, '\n' => LineFault.BareLineFeed, _ => LineFault.Nul };

    [GeneratedRegex(@"^[^\r\n\0]{0,22}\r\n", RegexOptions.CultureInvariant)]
    private static partial Regex Line();

    [GeneratedRegex(@"^[^\r\n\0]*(?<fault>\n|\0|\r[^\n])", RegexOptions.CultureInvariant)]
    private static partial Regex Bad();

    [GeneratedRegex(@"^[^\r\n]*(?:\r\n|(?<fault>\n|\r[^\n]))", RegexOptions.CultureInvariant)]
    private static partial Regex Rest();
}
