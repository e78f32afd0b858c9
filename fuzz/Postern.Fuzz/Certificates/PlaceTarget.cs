using System.Globalization;
using System.Text.RegularExpressions;
using Postern.Acme.Web;
using Postern.Fuzz.Oracles;

namespace Postern.Fuzz.Certificates;

/// <summary>Addresses of HTTPS that an authority names, beside a pattern and the framework's reader.</summary>
internal static partial class PlaceTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        string text = Demand.Latin(input);
        bool read = WebPlace.TryParse(text, out var place);
        Demand.Equal(IsPlace(text), read, "a place");
        if (!read) return;
        var match = Form().Match(text);
        string target = match.Groups["target"].Value;
        Demand.Equal(match.Groups["host"].Value, place!.Host, "the host");
        Demand.Equal(target.StartsWith('/') ? target : "/" + target, place.Target, "the target");
        Demand.Equal(text, place.Text, "the text");
        // Whoever else reads it goes to the same server, but for numbers in hexadecimal, which are looked up as names here.
        Demand.That(Uri.TryCreate(text, UriKind.Absolute, out var other), "no address to others");
        if (other!.HostNameType == UriHostNameType.IPv4) return;
        Demand.Equal(other.Host, place.Host.ToLowerInvariant(), "the host, to others");
        Demand.Equal(other.Port, place.Port, "the port, to others");
        Demand.Equal(place.Port == 443 ? place.Host : string.Create(CultureInfo.InvariantCulture, $"{place.Host}:{place.Port}"), place.HostField, "the field");
    }

    /// <summary>By the description alone.</summary>
    internal static bool IsPlace(string? text)
    {
        if (text is null || text.Length > WebPlace.MaxLength || Form().Match(text) is not { Success: true } match) return false;
        string host = match.Groups["host"].Value, port = match.Groups["port"].Value;
        return host.Length <= 253 && (port.Length == 0 || (port.Length <= 20 && decimal.Parse(port, CultureInfo.InvariantCulture) is >= 1 and <= 65535));
    }

    [GeneratedRegex(@"\Ahttps://(?<host>(?:(?!-)[A-Za-z0-9-]{1,63}(?<!-)\.)*(?!-|[0-9]+(?:[:/?]|\z))[A-Za-z0-9-]{1,63}(?<!-))(?::(?<port>[0-9]+))?(?<target>(?:[/?][!$-\[\]-~]*)?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
