using Postern.Config.Errors;
using Tomlyn.Syntax;

namespace Postern.Config.Toml;

/// <summary>Builds sections from the syntax tree and refuses keys and sections that stand twice.</summary>
internal sealed class TomlTree
{
    private readonly string _file;
    private readonly ErrorList _errors;

    /// <summary>Starts with an empty root.</summary>
    internal TomlTree(string file, ErrorList errors)
    {
        _file = file;
        _errors = errors;
        Root = new TomlSection(new Place(file, 1, 1), SectionOrigin.Header);
    }

    /// <summary>The file as a section.</summary>
    internal TomlSection Root { get; }

    /// <summary>Adds a whole file.</summary>
    internal void Add(DocumentSyntax document)
    {
        foreach (var pair in document.KeyValues)
        {
            Add(Root, pair);
        }

        foreach (var table in document.Tables)
        {
            // After a header that cannot be, its keys still are looked at for themselves, under no name.
            var section = Open(table) ?? new TomlSection(PlaceOf(table), SectionOrigin.Header);
            foreach (var pair in table.Items)
            {
                Add(section, pair);
            }
        }
    }

    /// <summary>Finds or makes the section of a [header] or [[header]]; null after an error.</summary>
    private TomlSection? Open(TableSyntaxBase table)
    {
        var path = PathOf(table.Name!);
        if (Descend(Root, path, SectionOrigin.Implied) is not { } parent)
        {
            return null;
        }

        var (name, place) = path[^1];
        var section = new TomlSection(place, SectionOrigin.Header);
        if (!parent.Entries.TryGetValue(name, out var entry))
        {
            parent.Entries[name] = new TomlEntry(place, table is TableArraySyntax ? new TomlList(place, [section]) : section);
            return section;
        }

        switch (entry.Value)
        {
            case TomlList { Items: [TomlSection { Origin: SectionOrigin.Header }, ..] list } when table is TableArraySyntax:
                list.Add(section);
                return section;
            case TomlSection { Origin: SectionOrigin.Implied } implied when table is TableSyntax:
                var opened = new TomlSection(place, SectionOrigin.Header);
                foreach (var (key, value) in implied.Entries)
                {
                    opened.Entries[key] = value;
                }

                parent.Entries[name] = new TomlEntry(place, opened);
                return opened;
            default:
                Twice(place, name, entry);
                return null;
        }
    }

    private void Add(TomlSection section, KeyValueSyntax pair)
    {
        var path = PathOf(pair.Key!);
        if (Descend(section, path, SectionOrigin.Dotted) is not { } parent)
        {
            return;
        }

        var (name, place) = path[^1];
        var entry = new TomlEntry(place, ValueOf(pair.Value!));
        if (parent.Entries.TryGetValue(name, out var first))
        {
            Twice(place, name, first);
            return;
        }

        parent.Entries[name] = entry;
    }

    /// <summary>Walks to the section that holds the last name of a path and makes those on the way.</summary>
    private TomlSection? Descend(TomlSection section, List<(string Name, Place Place)> path, SectionOrigin origin)
    {
        for (var i = 0; i < path.Count - 1; i++)
        {
            var (name, place) = path[i];
            if (!section.Entries.TryGetValue(name, out var entry))
            {
                entry = new TomlEntry(place, new TomlSection(place, origin));
                section.Entries[name] = entry;
            }

            var next = entry.Value switch
            {
                TomlSection { Origin: SectionOrigin.Inline } => null,
                TomlSection found when origin == SectionOrigin.Implied || found.Origin == SectionOrigin.Dotted => found,
                TomlList { Items: [.., TomlSection { Origin: SectionOrigin.Header } last] } when origin == SectionOrigin.Implied => last,
                _ => null,
            };
            if (next is null)
            {
                Twice(place, name, entry);
                return null;
            }

            section = next;
        }

        return section;
    }

    private TomlValue ValueOf(ValueSyntax value)
    {
        var place = PlaceOf(value);
        switch (value)
        {
            case StringValueSyntax text:
                return new TomlText(place, text.Value ?? string.Empty);
            case IntegerValueSyntax number:
                return new TomlNumber(place, number.Value);
            case BooleanValueSyntax flag:
                return new TomlFlag(place, flag.Value);
            case ArraySyntax array:
                return new TomlList(place, [.. array.Items.Select(item => ValueOf(item.Value!))]);
            case InlineTableSyntax table:
                var section = new TomlSection(place, SectionOrigin.Inline);
                foreach (var item in table.Items)
                {
                    Add(section, item.KeyValue!);
                }

                return section;
            case FloatValueSyntax:
                return new TomlOther(place, "a number with a point");
            default:
                return new TomlOther(place, "a date or time");
        }
    }

    private void Twice(Place place, string name, TomlEntry first) =>
        _errors.Add(place, $"{Printable.Quote(name)} stands here again; it was on line {first.KeyPlace.Line} before");

    private List<(string Name, Place Place)> PathOf(KeySyntax key)
    {
        List<(string, Place)> path = [(NameOf(key.Key!), PlaceOf(key.Key!))];
        foreach (var item in key.DotKeys)
        {
            path.Add((NameOf(item.Key!), PlaceOf(item.Key!)));
        }

        return path;
    }

    private static string NameOf(BareKeyOrStringValueSyntax key) => key switch
    {
        BareKeySyntax bare => bare.Key?.Text ?? string.Empty,
        StringValueSyntax text => text.Value ?? string.Empty,
        _ => string.Empty,
    };

    private Place PlaceOf(SyntaxNodeBase node) => new(_file, node.Span.Start.Line + 1, node.Span.Start.Column + 1);
}
