using System.Globalization;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Remote.Protection.Seen;

namespace Postern.Fuzz.Policies;

/// <summary>The file of those who had TLS: beside its description, and there and back again.</summary>
internal static partial class TlsMemoryTarget
{
    private const string Heading = "postern-tls-seen 1\n";

    internal static void Run(ReadOnlySpan<byte> input)
    {
        string text = Demand.Latin(input);
        bool read = TlsMemoryText.TryRead(input, out var traces, out int damaged);
        Demand.Equal(text.StartsWith(Heading, StringComparison.Ordinal), read, "the format");
        if (!read) return;
        string[] parts = text[Heading.Length..].Split('\n');
        string[] lines = [.. parts[..^1].Where(IsLine)];
        Demand.Equal(string.Join('\n', lines.Select(Plain)), string.Join('\n', traces.Select(Line)), "lines");
        Demand.Equal(parts.Length - 1 - lines.Length + (parts[^1].Length > 0 ? 1 : 0), damaged, "damaged ones");
        byte[] written = TlsMemoryText.Compose(traces);
        Demand.That(TlsMemoryText.TryRead(written, out var again, out int none) && none == 0, "what was written can't be read");
        Demand.Same(written, TlsMemoryText.Compose(again), "there and back");
    }

    private static bool IsLine(string line) => Form().Match(line) is { Success: true } match
        && new[] { match.Groups["seen"].Value, match.Groups["lost"].Value }.All(
            time => time == "-" || decimal.Parse(time, CultureInfo.InvariantCulture) <= DateTimeOffset.MaxValue.ToUnixTimeSeconds());

    // Without zeros in front.
    private static string Plain(string line) => LeadingZeros().Replace(line, "\t");

    private static string Line(TlsTrace trace) => string.Create(
        CultureInfo.InvariantCulture, $"{trace.Destination}\t{trace.Seen.ToUnixTimeSeconds()}\t{trace.Lost?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) ?? "-"}");

    [GeneratedRegex(@"\A[!-@\x5b-~]{1,261}\t(?<seen>[0-9]{1,20})\t(?<lost>-|[0-9]{1,20})\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"\t0+(?=[0-9])")]
    private static partial Regex LeadingZeros();
}
