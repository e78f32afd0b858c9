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
    internal static Configuration? Read(string file, ReadOnlySpan<byte> bytes, IFileSource files, ErrorList errors)
    {
        if (TomlReader.Read(file, bytes, errors) is not { } toml)
        {
            return null;
        }

        var root = new SectionReader(Schema.Root, toml, toml.Place, errors);
        var domains = new OwnDomains();
        var hostName = domains.Read(root);
        var state = State(root);
        var configuration = new Configuration
        {
            HostName = hostName,
            Domains = domains.InOrder,
            State = state,
            Trusted = TrustedNetworks.Read(root),
            Listeners = ListenSection.Read(root),
            Mailboxes = MailboxesSection.Read(root.Section("mailboxes"), domains, state),
            Aliases = AliasesSection.Read(root.Section("aliases"), domains, files),
            Routes = RoutesSection.Read(root.Section("routes")),
            Queue = QueueSection.Read(root.Section("queue")),
            Limits = LimitsSection.Read(root.Section("limits")),
            Resolvers = DnsSection.Read(root.Section("dns"), files),
            AllowPrivate = root.Section("remote").Flag("allow_private", fallback: false),
        };
        return errors.IsEmpty ? configuration : null;
    }

    private static string State(SectionReader root)
    {
        if (root.Text("state") is not { } text)
        {
            return DefaultState;
        }

        if (PathText.Fault(text.Text, MaxState) is { } fault)
        {
            root.Errors.Add(text.Place, $"state {fault}");
            return DefaultState;
        }

        return text.Text;
    }
}
