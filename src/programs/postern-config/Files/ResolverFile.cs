using Postern.Config.Sections;
using Postern.Text;

namespace Postern.Config.Files;

/// <summary>The name servers of resolv.conf(5).</summary>
/// <remarks>
/// Other programs write this file, so a line that can't be used (a zone, another keyword) is passed over as the C
/// library does, and nothing in it stops the server.
/// </remarks>
internal static class ResolverFile
{
    /// <summary>A file of this kind has some ten lines. Arbitrary.</summary>
    internal const int MaxBytes = 64 * 1024;

    /// <summary>MAXNS of resolv.conf(5).</summary>
    private const int MaxServers = 3;

    /// <summary>What resolv.conf(5) says is asked when no server is named: the one on this host.</summary>
    internal static readonly IReadOnlyList<NameServer> Local = [new(IpAddress.Loopback4, DnsSection.Port)];

    /// <summary>The servers named; <see cref="Local"/> when there are none.</summary>
    internal static IReadOnlyList<NameServer> Read(ReadOnlySpan<byte> content)
    {
        var servers = new List<NameServer>();
        foreach (var range in content.Split((byte)'\n'))
        {
            var line = content[range].TrimEnd(" \t\r"u8);
            if (servers.Count == MaxServers || !line.StartsWith("nameserver"u8))
            {
                continue;
            }

            var rest = line["nameserver".Length..];
            var text = rest.TrimStart(" \t"u8);
            if (text.Length < rest.Length && IpAddress.TryParse(text, out var address))
            {
                servers.Add(new NameServer(address, DnsSection.Port));
            }
        }

        return servers.Count == 0 ? Local : servers;
    }
}
