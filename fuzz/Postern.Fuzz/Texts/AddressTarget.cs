using System.Net;
using System.Text.RegularExpressions;
using Postern.Fuzz.Oracles;
using Postern.Text;

namespace Postern.Fuzz.Texts;

/// <summary>IP addresses, networks and address literals, beside the framework's reader where a strict pattern lets it look.</summary>
internal static partial class AddressTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        string text = Demand.Latin(input);
        byte[]? expected = Reference(text);
        bool read = IpAddress.TryParse(input, out var address);
        Demand.Equal(expected is not null, read, "an address");
        Demand.Equal(read, IpAddress.TryParse(text, out _), "the address as a text");
        if (read) There(address, expected!);
        Literal(input, text);
        Network(input, text);
    }

    private static void There(IpAddress address, byte[] expected)
    {
        byte[] bytes = new byte[IpAddress.Size];
        address.CopyTo(bytes);
        Demand.Same(expected, bytes, "the address's bytes");
        Demand.Equal(address, IpAddress.FromBytes(bytes), "the address of its bytes");
        string written = address.ToString();
        Demand.That(IpAddress.TryParse(written, out var again) && again == address, $"{written} is read otherwise");
        Demand.That(written.Length <= IpAddress.MaxText, "too long a text");
        var framework = new IPAddress(bytes);
        Demand.Equal(framework.IsIPv4MappedToIPv6, address.IsIPv4, "the family");
        Demand.Equal(IPAddress.IsLoopback(framework.IsIPv4MappedToIPv6 ? framework.MapToIPv4() : framework), address.IsLoopback, "loopback");
        Demand.That(!(address.IsLoopback && address.IsPublic), "a public loopback address");
        Span<byte> literal = stackalloc byte[AddressLiteral.MaxText];
        int length = AddressLiteral.Write(address, literal);
        Demand.That(AddressLiteral.TryParse(literal[..length], out again) && again == address, "the literal is read otherwise");
    }

    // RFC 5321 §4.1.3: in a literal "::" stands for two groups at least.
    private static void Literal(ReadOnlySpan<byte> input, string text)
    {
        bool read = AddressLiteral.TryParse(input, out var address);
        var match = LiteralForm().Match(text);
        byte[]? expected = !match.Success ? null
            : match.Groups["six"].Success == match.Groups["inner"].Value.Contains(':', StringComparison.Ordinal) ? Reference(match.Groups["inner"].Value) : null;
        if (expected is not null && match.Groups["six"].Success && GroupsOf(match.Groups["inner"].Value) is > 6) expected = null;
        Demand.Equal(expected is not null, read, "a literal");
        if (!read) return;
        byte[] bytes = new byte[IpAddress.Size];
        address.CopyTo(bytes);
        Demand.Same(expected, bytes, "the literal's bytes");
    }

    private static void Network(ReadOnlySpan<byte> input, string text)
    {
        bool read = IpNetwork.TryParse(input, out var network);
        Demand.Equal(read, IpNetwork.TryParse(text, out _), "the network as a text");
        if (!read) return;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        Demand.That(Reference(slash < 0 ? text : text[..slash]) is not null, "a network without an address");
        Demand.That(network.Contains(network.Address), "a network without its first address");
        Demand.That(IpNetwork.TryParse(network.ToString(), out var again) && again == network, $"{network} is read otherwise");
        int bits = network.PrefixLength + (network.Address.IsIPv4 ? 96 : 0);
        Demand.That(IpNetwork.TryCreate(network.Address, bits, out again) && again == network, "its parts make another network");
        byte[] bytes = new byte[IpAddress.Size];
        network.Address.CopyTo(bytes);
        for (int bit = 0; bit < 128; bit++)
        {
            byte[] other = [.. bytes];
            other[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            var neighbour = IpAddress.FromBytes(other);
            bool within = bit >= bits && neighbour.IsIPv4 == network.Address.IsIPv4;
            Demand.Equal(within, network.Contains(neighbour), $"{neighbour} in {network}");
        }
    }

    // The groups that stand there when "::" does, a dotted quad for two; else null.
    private static int? GroupsOf(string text) => !text.Contains("::", StringComparison.Ordinal) ? null
        : text.Split(':', StringSplitOptions.RemoveEmptyEntries).Sum(group => group.Contains('.', StringComparison.Ordinal) ? 2 : 1);

    private static byte[]? Reference(string text)
    {
        if (!Quad().IsMatch(text) && !Groups().IsMatch(text)) return null;
        // The framework lets "::" stand for nothing; RFC 4291 §2.2 wants a group at least.
        if (GroupsOf(text) is > 7) return null;
        return IPAddress.TryParse(text, out var address) ? address.MapToIPv6().GetAddressBytes() : null;
    }

    [GeneratedRegex(@"^(?:(?:0|[1-9][0-9]{0,2})(?:\.|\z)){4}(?<!\.)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Quad();

    [GeneratedRegex(@"^[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?:(?<=:)(?:(?:0|[1-9][0-9]{0,2})(?:\.|\z)){4}(?<!\.))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Groups();

    [GeneratedRegex(@"^\[(?<six>[Ii][Pp][Vv]6:)?(?<inner>[^\[\]]*)\]\z", RegexOptions.CultureInvariant)]
    private static partial Regex LiteralForm();
}
