using System.Text;
using Postern.Config.Files;
using Postern.Dns.Resolving;
using Postern.Fuzz.Oracles;
using Postern.Text;

namespace Postern.Fuzz.Names;

/// <summary>/etc/resolv.conf, which two of ours read, each beside its rules on lines of text.</summary>
internal static class ResolverFileTarget
{
    private static readonly char[] s_blanks = [' ', '\t', '\r'];

    internal static void Run(ReadOnlySpan<byte> input)
    {
        string[] lines = Demand.Latin(input).Split('\n');
        string[][] words = [.. lines.Select(line => line.Split(s_blanks, StringSplitOptions.RemoveEmptyEntries))];
        var servers = words.Where(line => line is ["nameserver", _, ..]).Select(line => AddressOf(line[1])).OfType<IpAddress>().Take(3).ToList();
        bool trusts = words.Any(line => line is ["options", ..] && line.Skip(1).Contains("trust-ad"));
        if (servers.Count == 0) servers.Add(IpAddress.Loopback4);
        Demand.Equal(
            string.Join(' ', servers.Select(address => $"{address} {trusts || address.IsLoopback}")),
            string.Join(' ', ResolvConf.Parse(input).Select(server => $"{server.Address} {server.IsTrusted}")),
            "the name servers");

        var read = lines.Where(line => line.StartsWith("nameserver ", StringComparison.Ordinal) || line.StartsWith("nameserver\t", StringComparison.Ordinal))
            .Select(line => AddressOf(line["nameserver".Length..].TrimEnd(s_blanks).TrimStart(' ', '\t'))).OfType<IpAddress>().Take(3).ToList();
        if (read.Count == 0) read.Add(IpAddress.Loopback4);
        Demand.Equal(string.Join(' ', read), string.Join(' ', ResolverFile.Read(input).Select(server => server.Address)), "the configured name servers");
    }

    private static IpAddress? AddressOf(string text) => IpAddress.TryParse(Encoding.Latin1.GetBytes(text), out var address) ? address : null;
}
