namespace Postern.Config.Sections;

/// <summary>Every key that there is, by section; what stands before the first section has a name of its own.</summary>
internal static class Schema
{
    /// <summary>The name of the root.</summary>
    internal const string Root = "(top)";

    /// <summary>Sections whose keys are the administrator's own words.</summary>
    internal static readonly IReadOnlyList<string> FreeSections = ["aliases", "routes", "outbound_tls"];

    /// <summary>The sections and their keys.</summary>
    internal static readonly IReadOnlyDictionary<string, string[]> Keys = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [Root] = ["hostname", "domains", "state", "trusted"],
        ["listen"] = ["address", "service"],
        ["mailboxes"] = ["root", "users", "system", "user"],
        ["aliases"] = ["file"],
        ["routes"] = [],
        ["queue"] = ["retry_first", "retry_max", "expire", "warn_after"],
        ["limits"] =
        [
            "message_size", "recipients", "connections", "connections_per_client", "command_timeout", "session_timeout", "concurrency",
        ],
        ["dns"] = ["resolvers", "trust_ad"],
        ["remote"] = ["allow_private", "authorities", "tls_optional"],
        ["outbound_tls"] = [],
        ["tls_reports"] = ["send", "from", "organization", "contact"],
        ["outbound_login"] = ["host", "user", "password_file", "certificate", "key"],
        ["security"] = ["strict"],
        ["submission"] = ["messages_per_hour", "messages_per_day", "recipients_per_hour", "recipients_per_day", "hide_client", "max_hold"],
        ["logins"] = ["passwords", "notices"],
        ["tokens"] = ["issuer", "audience", "keys", "claim", "leeway"],
        ["tls"] = ["enabled", "client_certificates", "acme"],
        ["acme"] = ["directory", "contact", "names", "listen"],
        ["certificate"] = ["chain", "key"],
    };

    /// <summary>The section that a key belongs to, when it is another's; else null.</summary>
    internal static string? HomeOf(string key) => Keys.FirstOrDefault(section => section.Value.Contains(key)).Key;

    /// <summary>How a section is written in messages.</summary>
    internal static string Title(string section) => section switch
    {
        Root => "the top of the file",
        "listen" or "certificate" or "outbound_login" => $"[[{section}]]",
        _ => $"[{section}]",
    };
}
