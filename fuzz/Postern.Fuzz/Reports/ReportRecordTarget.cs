using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Mail;
using Postern.Remote.Reports.Records;

namespace Postern.Fuzz.Reports;

/// <summary>TXT records that say where reports go, parted by line feeds, beside patterns.</summary>
internal static partial class ReportRecordTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        string[] texts = Demand.Latin(input).Split('\n');
        bool read = ReportRecord.TryParse([.. texts.Select(Encoding.Latin1.GetBytes)], out var addresses);
        Demand.Equal(read, addresses is not null, "addresses");
        string[] records = [.. texts.Where(text => text.StartsWith("v=TLSRPTv1;", StringComparison.Ordinal))];
        var match = records.Length == 1 && records[0].Length <= ReportRecord.MaxLength ? Form().Match(records[0]) : Match.Empty;
        string? first = match.Groups["rua"].Captures.FirstOrDefault()?.Value;
        string? expected = match.Success && first is not null
            ? string.Join(' ', first.Split(',').Select(uri => Address(uri.Trim(' ', '\t'))).Where(text => text is not null).DistinctBy(Sameness).Take(ReportRecord.MaxAddresses)) : null;
        Demand.Equal(expected, addresses is null ? null : string.Join(' ', addresses.Select(address => address.Text)), "the addresses");
        // What of it comes into a line of ours.
        foreach (var address in addresses ?? [])
            Demand.That(!address.Text.Any(sign => sign is < '!' or > '~') || address.Text.Contains('"', StringComparison.Ordinal), "an address that is more than a word");
    }

    /// <summary>Mail addresses are the same whatever their capitals.</summary>
    private static string Sameness(string? text) => text!.StartsWith("mailto:", StringComparison.Ordinal) ? text.ToLowerInvariant() : text;

    private static string? Address(string uri)
    {
        if (uri.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
        {
            string plain = Encoded().Replace(uri[7..].Split('?', '#')[0], code => $"{(char)byte.Parse(code.Value[1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)}");
            return Mailbox.TryParse(Encoding.Latin1.GetBytes(plain), allowUtf8: false, out var mailbox) && !mailbox.HasLiteral ? $"mailto:{mailbox}" : null;
        }
        var place = Place().Match(uri);
        return place.Success && DomainName.TryParse(Encoding.Latin1.GetBytes(place.Groups["host"].Value), out var name) && char.IsAsciiLetter(name.ToString().Split('.')[^1][0])
            ? $"https://{name}{(place.Groups["target"].Value is ['/', ..] rooted ? rooted : "/" + place.Groups["target"].Value)}" : null;
    }

    [GeneratedRegex(@"\Av=TLSRPTv1(?:[ \t]*;[ \t]*(?:rua=(?<rua>(?<u>[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@$&'()*+=-]|%[0-9A-Fa-f]{2})*)(?:[ \t]*,[ \t]*(?:[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@$&'()*+=-]|%[0-9A-Fa-f]{2})*))*)|(?!rua=)[A-Za-z0-9][A-Za-z0-9_.-]{0,31}=[!-:<>-~]+))+(?:[ \t]*;[ \t]*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex("%[0-9A-Fa-f]{2}", RegexOptions.CultureInvariant)]
    private static partial Regex Encoded();

    [GeneratedRegex(@"\A[Hh][Tt][Tt][Pp][Ss]://(?<host>[^/?#]*?)(?::443)?(?<target>[/?][^#]*)?(?:#.*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
