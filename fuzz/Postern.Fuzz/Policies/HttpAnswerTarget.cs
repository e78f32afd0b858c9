using System.Globalization;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Web.Http;

namespace Postern.Fuzz.Policies;

/// <summary>An answer of HTTP: the same however it is cut, and what is taken is what patterns find in the whole.</summary>
internal static partial class HttpAnswerTarget
{
    private static readonly HttpWanted _wanted = new(65_536, "text/plain");

    internal static void Run(ReadOnlySpan<byte> input)
    {
        var allocated = Allocated.Begin();
        var answer = new HttpAnswer(_wanted);
        answer.Feed(input, out _);
        allocated.Demand(input.Length, 16);
        var seen = Pieces.SameHoweverCut(input, Read);
        Demand.That(seen.Reason is null || seen.Reason.All(sign => sign is >= ' ' and <= '~'), "an unprintable reason");
        Demand.Equal(Reference(Demand.Latin(input)), seen.Status == HttpStatus.Done ? seen.Body : null, "the content");
    }

    private static Answered Read(IReadOnlyList<byte[]> pieces)
    {
        var answer = new HttpAnswer(_wanted);
        int length = 0;
        foreach (byte[] piece in pieces)
        {
            answer.Feed(piece, out int consumed);
            length += consumed;
        }
        var open = answer.Status;
        answer.End();
        return new(open, answer.Status, answer.Reason, Demand.Latin(answer.Body), length);
    }

    /// <summary>The content, or null; inputs are too short for the limits of length.</summary>
    private static string? Reference(string input)
    {
        if (HeadForm().Match(input) is not { Success: true } head) return null;
        var fields = head.Groups["field"].Captures.Select(field => field.Value).ToArray();
        string[] Of(string name) => [.. fields.Where(field => field.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(field => field[(name.Length + 1)..].Trim(' ', '\t'))];
        string[] types = Of("content-type"), lengths = Of("content-length"), codings = Of("transfer-encoding");
        if (types.Length != 1 || !Plain().IsMatch(types[0])) return null;
        if (!Of("content-encoding").All(one => string.Equals(one, "identity", StringComparison.OrdinalIgnoreCase))) return null;
        string rest = input[head.Length..];
        if (codings.Length > 0)
        {
            bool chunked = codings.Length == 1 && string.Equals(codings[0], "chunked", StringComparison.OrdinalIgnoreCase);
            return chunked && lengths.Length == 0 && head.Groups["version"].Value != "0" ? Unchunked(rest) : null;
        }
        if (lengths.Length == 0) return rest;
        if (!lengths.All(one => Regex.IsMatch(one, @"\A[0-9]{1,20}\z"))) return null;
        var numbers = lengths.Select(one => decimal.Parse(one, CultureInfo.InvariantCulture)).Distinct().ToArray();
        return numbers.Length == 1 && numbers[0] <= rest.Length ? rest[..(int)numbers[0]] : null;
    }

    private static string? Unchunked(string rest)
    {
        string content = "";
        while (Size().Match(rest) is { Success: true } line)
        {
            rest = rest[line.Length..];
            string digits = line.Groups["size"].Value.TrimStart('0');
            if (digits.Length == 0) return Trailer().IsMatch(rest) ? content : null;
            if (digits.Length > 5) return null;
            int size = int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (rest.Length < size + 2 || rest[size..(size + 2)] != "\r\n") return null;
            content += rest[..size];
            rest = rest[(size + 2)..];
        }
        return null;
    }

    [GeneratedRegex(@"\A(?:HTTP/1\.[0-9] 1(?!01)[0-9][0-9](?: [\t -~\x80-\xff]*)?\r\n(?:[A-Za-z0-9!#$%&'*+.^_`|~-]+:[\t -~\x80-\xff]*\r\n)*\r\n)*HTTP/1\.(?<version>[0-9]) 200(?: [\t -~\x80-\xff]*)?\r\n(?:(?<field>[A-Za-z0-9!#$%&'*+.^_`|~-]+:[\t -~\x80-\xff]*)\r\n)*\r\n", RegexOptions.CultureInvariant)]
    private static partial Regex HeadForm();

    [GeneratedRegex(@"\Atext/plain[ \t]*(?:;.*)?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Plain();

    [GeneratedRegex(@"\A(?<size>[0-9A-Fa-f]+)(?:[ \t;][\t -~\x80-\xff]*)?\r\n", RegexOptions.CultureInvariant)]
    private static partial Regex Size();

    [GeneratedRegex(@"\A(?:[A-Za-z0-9!#$%&'*+.^_`|~-]+:[\t -~\x80-\xff]*\r\n)*\r\n", RegexOptions.CultureInvariant)]
    private static partial Regex Trailer();

    private sealed record Answered(HttpStatus Open, HttpStatus Status, string? Reason, string Body, int Length);
}
