using Postern.Config.Errors;
using Postern.Config.Files;
using Postern.Config.Values;
using Postern.Text;

namespace Postern.Config.Sections;

/// <summary>[dns]: the name servers to ask.</summary>
internal static class DnsSection
{
    /// <summary>The port of DNS.</summary>
    internal const ushort Port = 53;

    /// <summary>More than three are never reached within a sensible time. Arbitrary.</summary>
    private const int MaxResolvers = 8;

    private const string SystemFile = "/etc/resolv.conf";

    /// <summary>Reads the section, or else the system's own list.</summary>
    internal static IReadOnlyList<NameServer> Read(SectionReader section, IFileSource files)
    {
        if (section.Texts("resolvers") is not { } texts)
        {
            return files.Read(SystemFile, ResolverFile.MaxBytes, out var content) is null ? ResolverFile.Read(content) : ResolverFile.Local;
        }

        if (texts.Count is 0 or > MaxResolvers)
        {
            section.Errors.Add(section.PlaceOf("resolvers"), $"resolvers must be from 1 to {MaxResolvers} addresses");
        }

        var servers = new List<NameServer>();
        foreach (var text in texts)
        {
            if (TryRead(text.Text, out var server))
            {
                servers.Add(server);
            }
            else
            {
                section.Errors.Add(text.Place, $"{Printable.Quote(text.Text)} is not an IP address with or without a port, as in \"127.0.0.1:53\" or \"[::1]:53\"");
            }
        }

        return servers;
    }

    private static bool TryRead(string text, out NameServer server)
    {
        server = new NameServer(default, Port);
        if (IpAddress.TryParse(text, out var address))
        {
            server = new NameServer(address, Port);
            return true;
        }

        if (!HostPort.TryRead(text, out var split) || !IpAddress.TryParse(split.Host, out address)
            || split.Bracketed != split.Host.Contains(':', StringComparison.Ordinal))
        {
            return false;
        }

        server = new NameServer(address, split.Port ?? Port);
        return true;
    }
}
