using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Postern.CommandLine.Zones.Checking;
using Postern.Fuzz.Oracles;
using Postern.Text;

namespace Postern.Fuzz.Names;

/// <summary>What <c>postern dns</c> reads of a foreign zone, and of its arguments, beside the same rules on lists of words.</summary>
internal static partial class ZoneRecordTarget
{
    private const string Domain = "a.test", Host = "mx.a.test";

    private static readonly IpAddress[] s_addresses = [AddressOf("192.0.2.1")!.Value, AddressOf("2001:db8::1")!.Value];

    internal static void Run(ReadOnlySpan<byte> input)
    {
        string text = Demand.Latin(input);
        Tags(input, text);
        Resolver(input, text);
        bool isPolicy = Policy().IsMatch(text);
        Demand.Equal(isPolicy, SenderPolicy.IsOne(input), "an SPF record");
        if (!isPolicy) return;
        foreach (var address in s_addresses)
            Demand.Equal(Slow(text, address), new SenderPolicy(Domain, Host).Judge(input, address), $"what it says of {address}");
    }

    private static void Tags(ReadOnlySpan<byte> input, string text)
    {
        string[] parts = [.. text.Split(';').Select(part => part.Trim(' ', '\t'))];
        Match[] tags = [.. parts.Skip(1).Take(parts.Length - (parts[^1].Length == 0 ? 2 : 1)).Select(part => Tag().Match(part))];
        bool isOne = text.StartsWith("v=X", StringComparison.Ordinal) && parts[0] == "v=X" && tags.All(tag => tag.Success);
        Demand.Equal(isOne, TagList.TryRead(input, "v=X"u8, out var list), "a list of tags");
        if (!isOne) return;
        foreach (var tag in tags)
        {
            string name = tag.Groups[1].Value, first = tags.First(other => other.Groups[1].Value == name).Groups[2].Value;
            Demand.Equal(first, list[name], $"the tag {name}");
        }
    }

    private static void Resolver(ReadOnlySpan<byte> input, string text)
    {
        var match = Server().Match(text);
        string port = match.Groups["port"].Success ? match.Groups["port"].Value : "53";
        var address = match.Success && ulong.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && number is > 0 and < 65536
            ? AddressOf(match.Groups["address"].Value) : null;
        bool read = ResolverText.TryRead(input, out var server);
        Demand.Equal(address is not null, read, "a resolver");
        if (read) Demand.Equal($"{address} {ulong.Parse(port, CultureInfo.InvariantCulture)}", $"{server.Address} {server.Port}", "the resolver");
    }

    // Of the terms up to the first that matches for sure, and the ones on the way of which nobody can tell.
    private static SenderOutcome Slow(string text, IpAddress address)
    {
        var terms = text[6..].Split(' ').Where(term => term.Length > 0)
            .Select(term => "+-~?".Contains(term[0], StringComparison.Ordinal) ? (IsPlus: term[0] == '+', Text: term[1..]) : (IsPlus: true, Text: term))
            .Select(term => (term.IsPlus, term.Text, Matches: Matches(term.Text.ToLowerInvariant(), address))).ToList();
        if (terms.Any(term => term.IsPlus && term.Text.Equals("all", StringComparison.OrdinalIgnoreCase))) return SenderOutcome.Everybody;
        int first = terms.FindIndex(term => term.Matches == "yes");
        var before = terms.Take(first < 0 ? terms.Count : first).Where(term => term.Matches == "perhaps").ToList();
        bool passes = first >= 0 && terms[first].IsPlus;
        return before.Any(term => term.IsPlus != passes) ? SenderOutcome.Unclear : passes ? SenderOutcome.Pass : SenderOutcome.Fail;
    }

    private static string Matches(string term, IpAddress address)
    {
        string name = Word().Match(term).Value;
        if (term.Length > name.Length && term[name.Length] == '=') return name == "redirect" ? "perhaps" : "no";
        if (name == "all") return term == "all" ? "yes" : "no";
        string argument = term.Length > name.Length && term[name.Length] == ':' ? term[(name.Length + 1)..] : "";
        if (name is "ip4" or "ip6") return IsIn(argument, address) ? "yes" : "no";
        string target = argument.Split('/')[0];
        if (target.EndsWith('.')) target = target[..^1];
        bool isBare = argument.Split('/')[0].Length == 0;
        return (name == "mx" && (isBare || target == Domain)) || (name == "a" && !isBare && target == Host) ? "yes" : "perhaps";
    }

    private static bool IsIn(string block, IpAddress address)
    {
        string[] words = block.Split('/', 2);
        if (AddressOf(words[0]) is not { } first || first.IsIPv4 != address.IsIPv4) return false;
        int width = first.IsIPv4 ? 32 : 128, length = width;
        if (words.Length == 2 && (words[1].Length > 20 || !words[1].All(char.IsAsciiDigit) || !int.TryParse(words[1].TrimStart('0').PadLeft(1, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > width)) return false;
        return words is not [_, ""] && Bits(first, width)[..length] == Bits(address, width)[..length];
    }

    private static string Bits(IpAddress address, int width)
    {
        byte[] bytes = new byte[IpAddress.Size];
        address.CopyTo(bytes);
        return string.Concat(bytes.Select(value => Convert.ToString(value, 2).PadLeft(8, '0')))[^width..];
    }

    private static IpAddress? AddressOf(string text) => IpAddress.TryParse(Encoding.Latin1.GetBytes(text), out var address) ? address : null;

    [GeneratedRegex(@"^[vV]=[sS][pP][fF]1(?: |\z)", RegexOptions.CultureInvariant)]
    private static partial Regex Policy();

    [GeneratedRegex(@"^([A-Za-z0-9_.-]+)[ \t]*=[ \t]*([\x20-\x7e]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex(@"^[^:/=]*", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"^(?:\[(?<address>[^\]]*)\](?::(?<port>[0-9]{1,20}))?|(?<address>[^\[:][^:]*)(?::(?<port>[0-9]{1,20}))?|(?<address>(?!\[)[^:]*:[^:]*:.*))\z", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Server();
}
