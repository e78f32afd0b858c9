using System.Text;
using Postern.Config.Errors;
using Postern.Config.Toml;
using Postern.Config.Values;
using Postern.Ipc.Delivery;
using Postern.Ipc.Slices;
using Postern.Mail;
using Postern.Text;

namespace Postern.Config.Sections;

/// <summary>[routes]: where mail for a domain goes instead of its mail exchangers.</summary>
internal static class RoutesSection
{
    private const ushort SmtpPort = 25;
    private const ushort SubmissionsPort = 465;
    private const string Lmtp = "lmtp:";
    private const string Smtps = "smtps:";

    /// <summary>Reads the section.</summary>
    internal static IReadOnlyList<Route> Read(SectionReader section)
    {
        var routes = new List<Route>();
        var places = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach (var (key, entry) in section.Entries)
        {
            if (entry.Value is TomlSection { Origin: SectionOrigin.Dotted })
            {
                section.Errors.Add(entry.KeyPlace, $"a domain must stand in quotes: \"{key}...\" = \"...\"");
                continue;
            }

            var pattern = Pattern(key, entry.KeyPlace, section.Errors);
            var hop = Hop(key, entry.Value, section.Errors);
            if (pattern is null || hop is null)
            {
                continue;
            }

            if (places.TryAdd(pattern, entry.KeyPlace))
            {
                routes.Add(hop with { Pattern = pattern });
            }
            else
            {
                section.Errors.Add(entry.KeyPlace, $"{Printable.Quote(key)} stands here again; it was on line {places[pattern].Line} before");
            }
        }

        return routes;
    }

    /// <summary>The own domains that a route takes elsewhere. "*" takes none of them: it says where other people's mail goes.</summary>
    internal static IReadOnlyList<DomainName> Relayed(IReadOnlyList<Route> routes, IReadOnlyList<DomainName> domains)
    {
        var table = new RouteTable<Route>();
        foreach (var route in routes.Where(route => route.Pattern != "*"))
        {
            table.TryAdd(Encoding.ASCII.GetBytes(route.Pattern), route);
        }

        return [.. domains.Where(domain => table.TryFind(domain, out _))];
    }

    /// <summary>The key as a pattern of domains; null, and an error, when it is none.</summary>
    internal static string? Pattern(string key, Place place, ErrorList errors)
    {
        if (key == "*")
        {
            return key;
        }

        var below = key.StartsWith("*.", StringComparison.Ordinal);
        if (DomainName.TryParse(below ? key[2..] : key, out var domain))
        {
            return below ? $"*.{domain}" : domain.ToString();
        }

        errors.Add(place, $"{Printable.Quote(key)} must be a domain, \"*.\" and a domain, or \"*\"");
        return null;
    }

    private static Route? Hop(string key, TomlValue value, ErrorList errors)
    {
        if (value is not TomlText text)
        {
            errors.Add(value.Place, $"{Printable.Quote(key)} must have a text in quotes, and this is {value.Kind}");
            return null;
        }

        var lmtp = text.Text.StartsWith(Lmtp, StringComparison.Ordinal);
        var smtps = text.Text.StartsWith(Smtps, StringComparison.Ordinal);
        var target = lmtp ? text.Text[Lmtp.Length..] : smtps ? text.Text[Smtps.Length..] : text.Text;
        if (target.StartsWith('/') && !smtps)
        {
            return Socket(target, lmtp, text.Place, errors);
        }

        if (!HostPort.TryRead(target, out var split))
        {
            errors.Add(text.Place, $"{Printable.Quote(text.Text)} must be \"host:port\", \"[ipv6]:port\", \"host\", \"smtps:host\", \"lmtp:host:port\" or \"lmtp:/path\"");
            return null;
        }

        if (HostForm(split) is not { } host)
        {
            errors.Add(text.Place, split.NeedlessBrackets ?? $"{Printable.Quote(split.Host)} is not a host name or IP address");
            return null;
        }

        if (lmtp && split.Port is null or SmtpPort)
        {
            // RFC 2033 §5: LMTP has no port of its own and must not use 25.
            errors.Add(text.Place, "a route by lmtp needs a port, and not 25 (RFC 2033)");
            return null;
        }

        return smtps ? new Route(key, HopKind.TlsHost, host, split.Port ?? SubmissionsPort)
            : new Route(key, lmtp ? HopKind.LmtpHost : HopKind.Host, host, split.Port ?? SmtpPort);
    }

    private static Route? Socket(string path, bool lmtp, Place place, ErrorList errors)
    {
        if (lmtp && PathText.Fault(path, SliceLimits.MaxSocket) is not { } fault)
        {
            return new Route(string.Empty, HopKind.LmtpSocket, path, 0);
        }

        errors.Add(place, lmtp ? $"the socket's path {PathText.Fault(path, SliceLimits.MaxSocket)}" : "a socket is reached by lmtp only: write \"lmtp:/path\"");
        return null;
    }

    private static string? HostForm(HostPort split)
    {
        if (IpAddress.TryParse(split.Host, out var address))
        {
            return split.Bracketed == split.Host.Contains(':', StringComparison.Ordinal) ? address.ToString() : null;
        }

        return !split.Bracketed && DomainName.TryParse(split.Host, out var name) ? name.ToString() : null;
    }
}
