using Postern.Config.Errors;
using Postern.Config.Values;
using Postern.Ipc.Slices;
using Postern.Mail;
using Postern.Text;

namespace Postern.Config.Sections;

/// <summary>[acme]: which authority makes the certificates of a server that has [tls] acme, and for what.</summary>
internal static class AcmeSection
{
    /// <summary>The authority that asks for nothing but that one holds the name.</summary>
    private const string DefaultDirectory = "https://acme-v02.api.letsencrypt.org/directory";

    private const string Https = "https://";

    /// <summary>Where authorities look (RFC 8555 §8.3).</summary>
    private static readonly IpPlace Default = new(IpAddress.FromBytes(new byte[IpAddress.Size]), 80);

    /// <summary>Reads it.</summary>
    /// <returns>Null when no certificates are to be made.</returns>
    internal static AcmeSettings? Read(SectionReader root, TlsSettings tls, DomainName hostName, IReadOnlyList<ListeningAddress> listeners)
    {
        var section = root.Section("acme");
        var settings = new AcmeSettings(Directory(section), Contact(section), Names(section, hostName), Listen(section, listeners));
        if (!tls.HasAcme)
        {
            return null;
        }

        if (!tls.IsEnabled)
        {
            root.Errors.Add(root.Section("tls").PlaceOf("acme"), "acme needs TLS, and [tls] enabled is false");
        }

        return settings;
    }

    private static string Directory(SectionReader section)
    {
        if (section.Text("directory") is not { } text)
        {
            return DefaultDirectory;
        }

        if (text.Text.StartsWith(Https, StringComparison.Ordinal) && text.Text.Length <= AcmeSlice.MaxDirectory
            && text.Text.All(letter => letter is > ' ' and <= '~' and not '"' and not '\\' and not '@' and not '#')
            && HostPort.TryRead(text.Text[Https.Length..].Split('/', '?')[0], out var split)
            && !split.Bracketed && DomainName.TryParse(split.Host, out _))
        {
            return text.Text;
        }

        section.Errors.Add(text.Place, $"directory must be an address of HTTPS with a host name, as in \"{DefaultDirectory}\", not {Printable.Quote(text.Text)}");
        return DefaultDirectory;
    }

    private static string Contact(SectionReader section)
    {
        if (section.Text("contact") is not { } text)
        {
            return string.Empty;
        }

        // As it stands it goes into an address of the kind mailto:, in quotes: what means something there is left out.
        if (AddressText.TryRead(text.Text, out var address) && text.Text.All(letter => letter is > ' ' and <= '~' && !"\"\\?&%#".Contains(letter, StringComparison.Ordinal)))
        {
            return address.ToString();
        }

        section.Errors.Add(text.Place, $"contact must be an address, as in \"you@example.org\", not {Printable.Quote(text.Text)}");
        return string.Empty;
    }

    private static List<string> Names(SectionReader section, DomainName hostName)
    {
        if (section.Texts("names") is not { } texts)
        {
            return [hostName.ToString()];
        }

        if (texts.Count is 0 or > IssuanceSlice.MaxNames)
        {
            section.Errors.Add(section.PlaceOf("names"), $"names must be from 1 to {IssuanceSlice.MaxNames} names");
        }

        var names = new List<string>();
        foreach (var text in texts)
        {
            if (!DomainName.TryParse(text.Text, out var name))
            {
                section.Errors.Add(text.Place, $"{Printable.Quote(text.Text)} is not a domain name" + (text.Text.StartsWith("*.", StringComparison.Ordinal)
                    ? "; a certificate for all names below one can't be had this way (RFC 8555 section 8.3)" : string.Empty));
            }
            else if (names.Contains(name.ToString()))
            {
                section.Errors.Add(text.Place, $"{Printable.Quote(text.Text)} stands here twice");
            }
            else
            {
                names.Add(name.ToString());
            }
        }

        return names;
    }

    private static IpPlace Listen(SectionReader section, IReadOnlyList<ListeningAddress> listeners)
    {
        var place = section.Has("listen") ? ListenSection.ReadAddress(section, "listen") ?? Default : Default;
        _ = ListenSection.IsFree(place, listeners, section, "listen");
        return place;
    }
}
