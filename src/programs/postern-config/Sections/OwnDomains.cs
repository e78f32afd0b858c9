using Postern.Config.Errors;
using Postern.Config.Toml;
using Postern.Mail;

namespace Postern.Config.Sections;

/// <summary>The domains whose mail is ours: those of the list, and the host's own name.</summary>
internal sealed class OwnDomains
{
    private readonly HashSet<DomainName> _known = [];
    private readonly List<DomainName> _inOrder = [];

    /// <summary>The domains in the order of the file, the host's name last unless it was named.</summary>
    internal IReadOnlyList<DomainName> InOrder => _inOrder;

    /// <summary>True when one of them could not be read: then an address in none of them is no error of its own.</summary>
    internal bool Doubtful { get; private set; }

    /// <summary>True when the host's name could be read.</summary>
    internal bool IsHostKnown { get; private set; }

    /// <summary>Reads `hostname` and `domains`.</summary>
    /// <returns>The host's name; a made-up one after an error, so that the rest can be judged.</returns>
    internal DomainName Read(SectionReader root)
    {
        var host = HostName(root);
        var domains = root.Texts("domains");
        if (domains is null && !root.Has("domains"))
        {
            root.Errors.Add(root.Place, "domains is missing: the list of domains whose mail is ours, as in domains = [\"example.org\"]");
        }

        Doubtful |= domains is null;
        foreach (var text in domains ?? [])
        {
            Add(text, root.Errors);
        }

        if (_known.Add(host))
        {
            _inOrder.Add(host);
        }

        return host;
    }

    /// <summary>True when mail for the domain is ours.</summary>
    internal bool Contains(DomainName? domain) => domain is not null && _known.Contains(domain);

    /// <summary>True when mail for the domain is ours or may be, if only the list could be read.</summary>
    internal bool MayContain(DomainName? domain) => Doubtful || Contains(domain);

    private DomainName HostName(SectionReader root)
    {
        if (root.Text("hostname") is { } text)
        {
            if (DomainName.TryParse(text.Text, out var host))
            {
                IsHostKnown = true;
                CheckRoom(host, text, root.Errors);
                return host;
            }

            root.Errors.Add(text.Place, $"hostname must be a domain name such as \"mx.example.org\", not {Printable.Quote(text.Text)}");
        }
        else if (!root.Has("hostname"))
        {
            root.Errors.Add(root.Place, "hostname is missing: this server's own name, as in hostname = \"mx.example.org\"");
        }

        Doubtful = true;
        return DomainName.TryParse("localhost", out var made) ? made : throw new InvalidOperationException("localhost is a name.");
    }

    private void Add(TomlText text, ErrorList errors)
    {
        if (!DomainName.TryParse(text.Text, out var domain))
        {
            Doubtful = true;
            errors.Add(text.Place, $"{Printable.Quote(text.Text)} is not a domain name");
        }
        else if (_known.Add(domain))
        {
            CheckRoom(domain, text, errors);
            _inOrder.Add(domain);
        }
        else
        {
            errors.Add(text.Place, $"{Printable.Quote(text.Text)} stands here again");
        }
    }

    /// <summary>Every domain must have a postmaster (RFC 5321 §4.5.1), whom reports come from and failed ones go to.</summary>
    private static void CheckRoom(DomainName domain, TomlText text, ErrorList errors)
    {
        if (domain.Text.Length > Mailbox.MaxLength - "postmaster@".Length)
        {
            errors.Add(text.Place, $"{Printable.Quote(text.Text)} is so long that postmaster would have no address there");
        }
    }
}
