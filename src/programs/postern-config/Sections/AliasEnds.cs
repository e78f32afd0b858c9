using Postern.Config.Errors;
using Postern.Config.Values;
using Postern.Mail;

namespace Postern.Config.Sections;

/// <summary>Follows every alias to its ends, and warns of those that nobody has and of those that lead back to themselves.</summary>
/// <remarks>
/// Warnings and no errors: a file of aliases is often another package's, and Debian's own names a root that has no mailbox
/// here. Mail for such an address goes back to its sender; that is no reason not to start.
/// </remarks>
internal sealed class AliasEnds
{
    private const string Postmaster = "postmaster";

    private readonly Configuration _configuration;
    private readonly ErrorList _errors;
    private readonly Dictionary<string, Alias> _aliases;
    private readonly HashSet<string> _mailboxes;
    private readonly HashSet<string> _domains;
    private readonly HashSet<string> _relayed;

    /// <summary>Who names an alias: when that one leads somewhere, so do they.</summary>
    private readonly Dictionary<Node, List<Node>> _namedBy = [];
    private readonly List<Node> _live = [];
    private readonly List<Node> _dead = [];
    private readonly HashSet<Place> _told = [];

    private AliasEnds(Configuration configuration, ErrorList errors)
    {
        _configuration = configuration;
        _errors = errors;
        _aliases = configuration.Aliases.ToDictionary(alias => alias.Key, StringComparer.Ordinal);
        _mailboxes = new HashSet<string>(configuration.Mailboxes.Addresses, StringComparer.Ordinal);
        _domains = [.. configuration.Domains.Select(domain => domain.ToString())];
        _relayed = [.. RoutesSection.Relayed(configuration.Routes, configuration.Domains).Select(domain => domain.ToString())];
    }

    /// <summary>One alias as it holds in one domain.</summary>
    private readonly record struct Node(Alias Alias, string Domain);

    /// <summary>Judges the aliases of a configuration that is right.</summary>
    internal static void Judge(Configuration configuration, ErrorList errors) => new AliasEnds(configuration, errors).Judge();

    private void Judge()
    {
        List<Node> all = [.. _configuration.Aliases.SelectMany(DomainsOf)];
        all.ForEach(Follow);
        var reaching = Spread(_live);
        var ending = Spread(_dead);
        foreach (var node in all.Where(node => !reaching.Contains(node)))
        {
            if (!ending.Contains(node))
            {
                Tell(node.Alias.Place, $"{Printable.Quote(node.Alias.Key)}: its aliases lead back to themselves, and to nobody");
            }
            else if (node.Alias.Key == Postmaster || node.Alias.Key.StartsWith(Postmaster + "@", StringComparison.Ordinal))
            {
                Tell(node.Alias.Place, $"{Printable.Quote(node.Alias.Key)} reaches nobody, and every domain needs a postmaster who reads (RFC 5321 4.5.1)");
            }
        }
    }

    /// <summary>The domains whose mail an alias is looked up for here; a bare name holds in all of them.</summary>
    private IEnumerable<Node> DomainsOf(Alias alias)
    {
        var at = alias.Key.LastIndexOf('@');
        return (at < 0 ? _domains : [alias.Key[(at + 1)..]]).Where(domain => !_relayed.Contains(domain)).Select(domain => new Node(alias, domain));
    }

    private void Follow(Node node)
    {
        for (var i = 0; i < node.Alias.Targets.Count; i++)
        {
            var target = node.Alias.Targets[i];
            var text = target.Contains('@', StringComparison.Ordinal) ? target : $"{target}@{node.Domain}";
            if (!AddressText.TryRead(text, out var address) || !IsDeliveredHere(address))
            {
                _live.Add(node); // Elsewhere, where others know who is there.
            }
            else if (Find(address) is { } next)
            {
                Name(next, node);
            }
            else if (!HasMailbox(address))
            {
                _dead.Add(node);
                Tell(node.Alias.TargetPlaces[i], $"{Printable.Quote(target)} leads to {address}, and nobody has that address");
            }
            else
            {
                _live.Add(node);
            }
        }
    }

    private void Name(Node named, Node by)
    {
        // An alias that leads back to an address with a mailbox, as in bob = ["bob", "carol"], leaves a copy there.
        if (named.Alias.Key.IndexOf('@', StringComparison.Ordinal) is var at and not 0
            && _mailboxes.Contains(at < 0 ? $"{named.Alias.Key}@{named.Domain}" : named.Alias.Key))
        {
            _live.Add(by);
        }
        else if (_configuration.Mailboxes.System)
        {
            _live.Add(by); // Whether an account of that name exists is not ours to know.
        }

        if (!_namedBy.TryGetValue(named, out var names))
        {
            _namedBy.Add(named, names = []);
        }

        names.Add(by);
    }

    private bool IsDeliveredHere(Mailbox address) =>
        address.Domain.ToString() is { } domain && _domains.Contains(domain) && !_relayed.Contains(domain);

    /// <summary>The alias that the directory would take: the longest match, one for the domain before one for all, the catch-all last.</summary>
    private Node? Find(Mailbox address)
    {
        var domain = address.Domain.ToString();
        foreach (var local in Lengths(address))
        {
            if (_aliases.TryGetValue($"{local}@{domain}", out var alias) || _aliases.TryGetValue(local, out alias))
            {
                return new Node(alias, domain);
            }

            if (_mailboxes.Contains($"{local}@{domain}"))
            {
                return null;
            }
        }

        return !address.IsPostmaster && !_configuration.Mailboxes.System && _aliases.TryGetValue($"@{domain}", out var rest) ? new Node(rest, domain) : null;
    }

    private bool HasMailbox(Mailbox address) => _configuration.Mailboxes.System || address.IsPostmaster
        || Lengths(address).Any(local => _mailboxes.Contains($"{local}@{address.Domain}"));

    /// <summary>The local part whole, and without one extension after the other.</summary>
    private static IEnumerable<string> Lengths(Mailbox address)
    {
        var local = AddressText.Fold(address.ToString()[..^(address.Domain.ToString().Length + 1)]);
        for (var length = local.Length; length > 0; length = local.AsSpan(0, length).LastIndexOfAny('+', '-'))
        {
            yield return local[..length];
        }
    }

    /// <summary>Those given, and all from whom a way leads to one of them.</summary>
    private HashSet<Node> Spread(List<Node> from)
    {
        var found = new HashSet<Node>(from);
        var waiting = new Queue<Node>(found);
        while (waiting.TryDequeue(out var node))
        {
            foreach (var name in _namedBy.GetValueOrDefault(node, []).Where(found.Add))
            {
                waiting.Enqueue(name);
            }
        }

        return found;
    }

    /// <summary>A bare name holds in several domains; its line is complained about once.</summary>
    private void Tell(Place place, string message)
    {
        if (_told.Add(place))
        {
            _errors.Warn(place, message);
        }
    }
}
