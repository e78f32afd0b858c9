using Postern.Config.Errors;
using Postern.Config.Toml;
using Postern.Config.Values;
using Postern.Ipc.Control;
using Postern.Ipc.Slices;

namespace Postern.Config.Sections;

/// <summary>[mailboxes]: who has one, and where.</summary>
internal static class MailboxesSection
{
    private const string DefaultUser = "postern-mail";

    /// <summary>Folders below the state folder that belong to other programs.</summary>
    private static readonly IReadOnlyList<string> TakenFolders = ["queue", "run", "postmaster", "auth", "remote"];

    /// <summary>Reads the section.</summary>
    internal static MailboxSettings Read(SectionReader section, OwnDomains domains, string state)
    {
        var root = Root(section, state);
        var user = User(section);
        var system = section.Flag("system", fallback: false);
        var addresses = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in section.Texts("users") ?? [])
        {
            if (ReadOne(text, domains, section.Errors) is not { } address)
            {
                continue;
            }

            if (known.Add(address))
            {
                addresses.Add(address);
            }
            else
            {
                section.Errors.Add(text.Place, $"{Printable.Quote(text.Text)} stands here again");
            }
        }

        return new MailboxSettings(root, user, system, addresses);
    }

    private static string? ReadOne(TomlText text, OwnDomains domains, ErrorList errors)
    {
        if (!AddressText.TryRead(text.Text, out var address))
        {
            errors.Add(text.Place, $"{Printable.Quote(text.Text)} is not an address such as \"alice@example.org\"");
            return null;
        }

        if (!domains.MayContain(address.Domain.Name))
        {
            errors.Add(text.Place, $"{Printable.Quote(text.Text)}: {address.Domain} is not one of our domains; add it to domains");
            return null;
        }

        if (AddressText.FolderFault(address) is { } fault)
        {
            errors.Add(text.Place, $"{Printable.Quote(text.Text)}: {fault}");
            return null;
        }

        return AddressText.Fold(address.ToString());
    }

    private static string Root(SectionReader section, string state)
    {
        var fallback = state + "/mail";
        if (section.Text("root") is not { } text)
        {
            return fallback;
        }

        if (PathText.Fault(text.Text, SupervisorSlice.MaxPath) is { } fault)
        {
            section.Errors.Add(text.Place, $"root {fault}");
            return fallback;
        }

        if (PathText.IsWithin(state, text.Text) || TakenFolders.Any(folder => PathText.IsWithin(text.Text, $"{state}/{folder}")))
        {
            section.Errors.Add(text.Place, $"root must not hold, or lie in, the folders that the server itself uses below {Printable.Quote(state)}");
        }

        return text.Text;
    }

    private static string User(SectionReader section)
    {
        if (section.Text("user") is not { } text)
        {
            return DefaultUser;
        }

        var name = text.Text;
        if (name.Length is 0 or > ControlPacket.MaxUser || !IsUserName(name))
        {
            section.Errors.Add(text.Place, $"user must be the name of a system user, not {Printable.Quote(name)}");
            return DefaultUser;
        }

        if (name == "root")
        {
            section.Errors.Add(text.Place, "user must not be root: mail is never written as root");
        }

        return name;
    }

    /// <summary>What useradd(8) takes.</summary>
    private static bool IsUserName(string name) =>
        (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.');
}
