using System.Globalization;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Remote.Reports.Sending;

namespace Postern.Fuzz.Reports;

/// <summary>What a web server answers to a report: in any pieces, and beside a pattern.</summary>
internal static partial class PostAnswerTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        int whole = Feed(input, Math.Max(input.Length, 1));
        Demand.Equal(whole, Feed(input, 1), "in single bytes");
        Demand.Equal(whole, Feed(input, 7), "in pieces of seven");
        var match = Taken().Match(Demand.Latin(input));
        Demand.Equal(match.Success ? int.Parse(match.Groups["code"].Value, CultureInfo.InvariantCulture) : 0, Math.Max(whole, 0), "the status");
    }

    private static int Feed(ReadOnlySpan<byte> input, int size)
    {
        var answer = new PostAnswer();
        for (int at = 0; at < input.Length; at += size)
        {
            bool goesOn = answer.Feed(input.Slice(at, Math.Min(size, input.Length - at)));
            Demand.Equal(answer.Code == 0, goesOn, "the end");
        }
        Demand.Equal(answer.Code is >= 200 and < 300, answer.IsTaken, "taken");
        return answer.Code;
    }

    [GeneratedRegex(@"\A(?>HTTP/1\.[0-9] 1(?!01)[0-9]{2}(?: [^\n]*)?\r\n(?:(?!\r\n)[^\n]*\r\n)*\r\n)*HTTP/1\.[0-9] (?<code>[2-9][0-9]{2})(?: [^\n]*)?\r\n", RegexOptions.CultureInvariant)]
    private static partial Regex Taken();
}
