using Postern.Config.Errors;
using Postern.Config.Files;
using Postern.Config.Toml;
using Postern.Config.Values;
using Postern.Ipc.Slices;

namespace Postern.Config.Sections;

/// <summary>Reads a whole configuration: the file, then each section, then what holds between them.</summary>
internal static class ConfigurationReader
{
    private const string DefaultState = "/var/lib/postern";

    /// <summary>Room for "/postmaster", the longest path that is made below the state folder.</summary>
    private const int MaxState = SupervisorSlice.MaxPath - 11;

    /// <summary>Reads a configuration.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="files">Opens the files that it names.</param>
    /// <param name="errors">Everything that is wrong with it.</param>
    /// <returns>The configuration; null when there are errors.</returns>
    internal static Configuration? Read(string file, ReadOnlySpan<byte> bytes, IFileSource files, ErrorList errors) =>
        ReadAny(file, bytes, files, errors) is { } read && errors.IsEmpty ? read.Configuration : null;

    /// <summary>Reads a configuration that may be wrong; a default stands in for what could not be read.</summary>
    /// <inheritdoc cref="Read"/>
    /// <returns>What could be read; null when the file is not even TOML.</returns>
    internal static ConfigurationReading? ReadAny(string file, ReadOnlySpan<byte> bytes, IFileSource files, ErrorList errors)
    {
        if (TomlReader.Read(file, bytes, errors) is not { } toml)
        {
            return null;
        }

        var root = new SectionReader(Schema.Root, toml, toml.Place, errors);
        var domains = new OwnDomains();
        // Where no folder is named, an unknown key may be "state" misspelt: then the default is a guess.
        var mayDefault = errors.IsEmpty;
        var hostName = domains.Read(root);
        var state = State(root);
        var isSure = domains.IsHostKnown && (state is not null || (mayDefault && !root.Has("state")));
        var tls = TlsSection.Read(root);
        var routes = RoutesSection.Read(root.Section("routes"));
        var listeners = ListenSection.Read(root, tls.IsEnabled);
        var configuration = new Configuration
        {
            HostName = hostName,
            Domains = domains.InOrder,
            State = state ?? DefaultState,
            Trusted = TrustedNetworks.Read(root),
            Tls = tls,
            Logins = LoginsSection.Read(root),
            Sending = SubmissionSection.Read(root.Section("submission")),
            MaxHold = SubmissionSection.ReadMaxHold(root.Section("submission")),
            Acme = AcmeSection.Read(root, tls, hostName, listeners),
            Listeners = listeners,
            Mailboxes = MailboxesSection.Read(root.Section("mailboxes"), domains, state ?? DefaultState),
            Aliases = AliasesSection.Read(root.Section("aliases"), domains, files),
            Routes = routes,
            Queue = QueueSection.Read(root.Section("queue")),
            Limits = LimitsSection.Read(root.Section("limits")),
            Resolvers = DnsSection.Read(root.Section("dns"), files),
            TrustsResolvers = root.Section("dns").Flag("trust_ad", fallback: false),
            Outbound = OutboundTlsSection.Read(root, routes),
            Reports = TlsReportsSection.Read(root.Section("tls_reports"), hostName),
            AllowPrivate = root.Section("remote").Flag("allow_private", fallback: false),
            TlsOptional = root.Section("remote").Flag("tls_optional", fallback: true),
            Strict = root.Section("security").Flag("strict", fallback: false),
        };
        if (errors.IsEmpty)
        {
            AliasEnds.Judge(configuration, errors);
        }

        return new ConfigurationReading(configuration, isSure);
    }

    /// <summary>The state folder as it is written; null when it is not, or wrongly.</summary>
    private static string? State(SectionReader root)
    {
        if (root.Text("state") is not { } text)
        {
            return null;
        }

        if (PathText.Fault(text.Text, MaxState) is not { } fault)
        {
            return text.Text;
        }

        root.Errors.Add(text.Place, $"state {fault}");
        return null;
    }
}

/// <summary>What came of a file.</summary>
/// <param name="Configuration">The configuration; with defaults in place of what is wrong.</param>
/// <param name="IsSure">True when there is no doubt about the host's name and the state folder, whatever else is wrong.</param>
internal sealed record ConfigurationReading(Configuration Configuration, bool IsSure);
