using Postern.Config.Errors;
using Postern.Config.Values;

namespace Postern.Config.Sections;

/// <summary>Collects aliases from the configuration and from a file of aliases, under one set of rules.</summary>
internal sealed class AliasTable
{
    /// <summary>A list of more recipients is a mailing list, which needs more than an alias. Arbitrary.</summary>
    internal const int MaxTargets = 10_000;

    private readonly OwnDomains _domains;
    private readonly ErrorList _errors;
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly List<Alias> _aliases = [];

    /// <summary>Starts empty.</summary>
    internal AliasTable(OwnDomains domains, ErrorList errors)
    {
        _domains = domains;
        _errors = errors;
    }

    /// <summary>The aliases in the order of the files.</summary>
    internal IReadOnlyList<Alias> Aliases => _aliases;

    /// <summary>Judges an alias and keeps it.</summary>
    /// <param name="key">local@domain, @domain or a local part.</param>
    /// <param name="place">Where the key stands.</param>
    /// <param name="targets">Addresses or local parts, and where they stand.</param>
    internal void Add(string key, Place place, IReadOnlyList<(string Text, Place Place)> targets)
    {
        var form = KeyForm(key, place);
        var forms = new List<string>();
        var places = new List<Place>();
        foreach (var target in targets.Take(MaxTargets))
        {
            if (TargetForm(target.Text, target.Place) is { } good)
            {
                forms.Add(good);
                places.Add(target.Place);
            }
        }

        if (targets.Count is 0 or > MaxTargets)
        {
            _errors.Add(place, $"{Printable.Quote(key)} must have from 1 to {MaxTargets} targets");
        }

        if (form is null)
        {
            return;
        }

        if (!_places.TryAdd(form, place))
        {
            var first = _places[form];
            _errors.Add(place, $"{Printable.Quote(key)} stands here again; it was on line {first.Line} of {first.File} before");
            return;
        }

        _aliases.Add(new Alias(form, forms) { Place = place, TargetPlaces = places });
    }

    private string? KeyForm(string key, Place place)
    {
        // A catch-all has an empty local part, which is no address: lend it one.
        var catchAll = key.StartsWith('@');
        if (AddressText.TryRead(catchAll ? "any" + key : key, out var address))
        {
            if (_domains.MayContain(address.Domain.Name))
            {
                return catchAll ? $"@{address.Domain}" : AddressText.Fold(address.ToString());
            }

            _errors.Add(place, $"{Printable.Quote(key)}: {address.Domain} is not one of our domains; add it to domains");
            return null;
        }

        if (!catchAll && AddressText.TryReadLocalPart(key, out var localPart))
        {
            return AddressText.Fold(localPart);
        }

        _errors.Add(place, $"{Printable.Quote(key)} must be \"user@domain\", \"@domain\" or \"user\"");
        return null;
    }

    private string? TargetForm(string target, Place place)
    {
        if (Refusal(target) is { } refusal)
        {
            _errors.Add(place, $"{Printable.Quote(target)}: {refusal}");
            return null;
        }

        if (AddressText.TryRead(target, out var address))
        {
            return address.ToString();
        }

        if (AddressText.TryReadLocalPart(target, out var localPart))
        {
            return localPart;
        }

        _errors.Add(place, $"{Printable.Quote(target)} is not an address or a local part");
        return null;
    }

    /// <summary>What other servers take as a target and this one never will: an alias names addresses and starts nothing.</summary>
    private static string? Refusal(string target) => target switch
    {
        ['|', ..] => "an alias can't start a program",
        ['/', ..] => "an alias can't write to a file; give the address a mailbox",
        [':', ..] => "an alias can't include a file; list the addresses here",
        ['\\', ..] => "a backslash means nothing here; write the name alone",
        _ => null,
    };
}
