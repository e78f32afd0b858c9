using Postern.Config.Errors;
using Postern.Config.Toml;
using Postern.Ipc.Slices;

namespace Postern.Config.Sections;

/// <summary>[outbound_tls] and what [remote] has to say about it: how mail is protected on its way to other servers.</summary>
internal static class OutboundTlsSection
{
    /// <summary>Where Debian and those that came of it keep the authorities that browsers trust.</summary>
    private const string DefaultAuthorities = "/etc/ssl/certs/ca-certificates.crt";

    /// <summary>Reads it.</summary>
    /// <param name="root">The root.</param>
    /// <param name="routes">The routes.</param>
    internal static OutboundTls Read(SectionReader root, IReadOnlyList<Route> routes)
    {
        var rules = Rules(root.Section("outbound_tls"));
        return new OutboundTls(
            TlsSection.PathOf(root.Section("remote"), "authorities") ?? DefaultAuthorities, rules, OutboundLoginSection.Read(root, routes, rules));
    }

    private static List<TlsRule> Rules(SectionReader section)
    {
        var rules = new List<TlsRule>();
        foreach (var (key, entry) in section.Entries)
        {
            if (entry.Value is TomlSection { Origin: SectionOrigin.Dotted })
            {
                section.Errors.Add(entry.KeyPlace, $"a domain must stand in quotes: \"{key}...\" = \"...\"");
                continue;
            }

            var pattern = RoutesSection.Pattern(key, entry.KeyPlace, section.Errors);
            var need = Need(key, entry.Value, section.Errors);
            if (pattern is null || need is null)
            {
                continue;
            }

            if (rules.Exists(rule => rule.Pattern == pattern))
            {
                section.Errors.Add(entry.KeyPlace, $"{Printable.Quote(key)} stands here twice");
            }

            rules.Add(new TlsRule(pattern, need.Value));
        }

        return rules;
    }

    private static TlsNeed? Need(string key, TomlValue value, ErrorList errors)
    {
        TlsNeed? need = (value as TomlText)?.Text switch
        {
            "none" => TlsNeed.None,
            "opportunistic" => TlsNeed.Opportunistic,
            "required" => TlsNeed.Required,
            "verified" => TlsNeed.Verified,
            _ => null,
        };
        if (need is null)
        {
            errors.Add(value.Place, $"{Printable.Quote(key)} must be \"none\", \"opportunistic\", \"required\" or \"verified\"");
        }

        return need;
    }
}
