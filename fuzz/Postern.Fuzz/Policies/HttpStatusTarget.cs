using System.Globalization;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Web.Http;

namespace Postern.Fuzz.Policies;

/// <summary>An answer of HTTP of which the status is all that counts: the same however it is cut, and beside a pattern.</summary>
internal static partial class HttpStatusTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        var seen = Pieces.SameHoweverCut(input, Read);
        var match = Taken().Match(Demand.Latin(input));
        Demand.Equal(match.Success ? int.Parse(match.Groups["code"].Value, CultureInfo.InvariantCulture) : 0, seen.Status == HttpStatus.Done ? seen.Code : 0, "the status");
        Demand.Equal(match.Success ? match.Length : 0, seen.Status == HttpStatus.Done ? seen.Length : 0, "the length");
    }

    private static (HttpStatus Status, int Code, int Length) Read(IReadOnlyList<byte[]> pieces)
    {
        var answer = new HttpAnswer(HttpWanted.StatusAlone);
        int length = 0;
        foreach (byte[] piece in pieces)
        {
            answer.Feed(piece, out int consumed);
            length += consumed;
        }
        return (answer.Status, answer.Code, length);
    }

    [GeneratedRegex(@"\A(?:HTTP/1\.[0-9] 1(?!01)[0-9][0-9](?: [\t -~\x80-\xff]*)?\r\n(?:[A-Za-z0-9!#$%&'*+.^_`|~-]+:[\t -~\x80-\xff]*\r\n)*\r\n)*HTTP/1\.[0-9] (?<code>[2-9][0-9]{2})(?: [\t -~\x80-\xff]*)?\r\n", RegexOptions.CultureInvariant)]
    private static partial Regex Taken();
}
