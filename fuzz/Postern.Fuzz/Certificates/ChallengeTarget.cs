using System.Text.RegularExpressions;
using Postern.Acme.Answers;
using Postern.Fuzz.Oracles;

namespace Postern.Fuzz.Certificates;

/// <summary>The first line of a request to the port that authorities look at, beside a pattern.</summary>
internal static partial class ChallengeTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        var match = Form().Match(Demand.Latin(input));
        Demand.Equal(match.Success ? match.Groups["token"].Value : null, ChallengeRequest.TokenOf(input), "the token");
    }

    [GeneratedRegex(@"\AGET /\.well-known/acme-challenge/(?<token>[A-Za-z0-9_-]{1,256}) HTTP/1\.[0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
