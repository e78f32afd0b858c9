using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Postern.Config.Values;
using Postern.Fuzz.Oracles;
using Postern.Text;

namespace Postern.Fuzz.Configurations;

/// <summary>The values of a configuration: sizes, durations, hosts with ports, paths, addresses; beside patterns.</summary>
internal static partial class ValueTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        if (!Utf8Text.IsValid(input)) return;
        string text = Encoding.UTF8.GetString(input);
        Size(text);
        Duration(text);
        Host(text);
        bool isPath = Path().IsMatch(text) && text.Length <= 90 && !text.Split('/').Contains("..");
        Demand.Equal(isPath, PathText.Fault(text, 90) is null, "a path");
        if (AddressText.TryRead(text, out var address))
        {
            Demand.That(AddressText.TryRead(address.ToString(), out var again) && again.Equals(address), "another address");
            if (AddressText.FolderFault(address) is null) Demand.That(address.LocalPart[0] != '.' && !address.LocalPart.Contains((byte)'/'), "a folder that leads elsewhere");
        }
        if (AddressText.TryReadLocalPart(text, out string? local))
            Demand.That(AddressText.TryReadLocalPart(local, out string? same) && same == local, "another local part");
        Demand.Equal(AddressText.Fold(text), AddressText.Fold(AddressText.Fold(text)), "a folded text folded again");
        if (NearestWord.To(text, ["hostname", "domains"]) is { } word) Demand.That(word is "hostname" or "domains", "a word that was not offered");
    }

    private static void Size(string text)
    {
        var match = SizeForm().Match(text);
        Demand.Equal(match.Success, SizeText.TryRead(text, out ulong bytes), "a size");
        if (!match.Success) return;
        int unit = match.Groups["unit"].Length == 0 ? 0 : 10 * (1 + "KMG".IndexOf(match.Groups["unit"].Value, StringComparison.Ordinal));
        Demand.Equal(BigInteger.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture) << unit, bytes, "the size");
    }

    private static void Duration(string text)
    {
        var match = DurationForm().Match(text);
        Demand.Equal(match.Success, DurationText.TryRead(text, out uint seconds), "a duration");
        if (!match.Success) return;
        var expected = BigInteger.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture)
            * match.Groups["unit"].Value[0] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 86_400 };
        Demand.Equal(BigInteger.Min(expected, uint.MaxValue), seconds, "the duration");
        if (expected < 999_999_999) Demand.That(DurationText.TryRead(DurationText.Write(seconds), out uint again) && again == seconds, "another duration");
    }

    private static void Host(string text)
    {
        var match = HostForm().Match(text);
        bool good = match.Success && (!match.Groups["port"].Success || int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture) <= ushort.MaxValue);
        Demand.Equal(good, HostPort.TryRead(text, out var split), "a host and port");
        if (!good) return;
        Demand.Equal(match.Groups["host"].Value + match.Groups["inner"].Value, split.Host, "the host");
        Demand.Equal(match.Groups["port"].Value, split.Port?.ToString(CultureInfo.InvariantCulture) ?? "", "the port");
        Demand.Equal(text[0] == '[', split.Bracketed, "brackets");
    }

    [GeneratedRegex(@"^(?<count>[0-9]{1,9})(?<unit>[KMG]?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex SizeForm();

    [GeneratedRegex(@"^(?<count>[0-9]{1,9})(?<unit>[smhd])\z", RegexOptions.CultureInvariant)]
    private static partial Regex DurationForm();

    [GeneratedRegex(@"^(?:\[(?<inner>[^\]]+)\]|(?<host>[^:\[][^:]*))(?::(?<port>[1-9][0-9]{0,8}))?\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex HostForm();

    [GeneratedRegex(@"^(?:/(?!\.?(?:/|\z))[ -.0-~]+)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Path();
}
