using Postern.Config.Errors;
using Postern.Config.Toml;
using Postern.Config.Values;

namespace Postern.Config.Sections;

/// <summary>Takes the keys of one section, each with the type that it must have; what is wrong is noted and the default stays.</summary>
internal sealed class SectionReader
{
    private readonly string _name;
    private readonly TomlSection? _section;

    /// <summary>Opens a section.</summary>
    /// <param name="name">Its name in <see cref="Schema"/>.</param>
    /// <param name="section">What stands in the file; null when nothing does, and then every key has its default.</param>
    /// <param name="place">Where the section begins, or where it would.</param>
    /// <param name="errors">What is wrong.</param>
    internal SectionReader(string name, TomlSection? section, Place place, ErrorList errors)
    {
        _name = name;
        _section = section;
        Place = place;
        Errors = errors;
        RejectUnknown();
    }

    /// <summary>Where errors are noted.</summary>
    internal ErrorList Errors { get; }

    /// <summary>Where the section begins, or where it would.</summary>
    internal Place Place { get; }

    /// <summary>Every entry, for a section whose keys are free.</summary>
    internal IEnumerable<KeyValuePair<string, TomlEntry>> Entries => _section?.Entries ?? [];

    /// <summary>True when the key is there.</summary>
    internal bool Has(string key) => _section?.Entries.ContainsKey(key) == true;

    /// <summary>Opens a section within this one.</summary>
    internal SectionReader Section(string key)
    {
        if (Entry(key) is { } entry && entry.Value is not TomlSection)
        {
            Errors.Add(entry.KeyPlace, $"{key} must be a section: write {Schema.Title(key)} on a line of its own");
        }

        return new SectionReader(key, Entry(key)?.Value as TomlSection, Entry(key)?.KeyPlace ?? Place, Errors);
    }

    /// <summary>Opens the sections of a [[name]]; null when there is none.</summary>
    internal IReadOnlyList<SectionReader>? Sections(string key)
    {
        if (Entry(key) is not { } entry)
        {
            return null;
        }

        if (entry.Value is TomlList list && list.Items.All(item => item is TomlSection))
        {
            return [.. list.Items.Select(item => new SectionReader(key, (TomlSection)item, item.Place, Errors))];
        }

        Errors.Add(entry.KeyPlace, $"write [[{key}]] in double brackets on a line of its own: there may be several");
        return null;
    }

    /// <summary>Takes a text; null when there is none.</summary>
    internal TomlText? Text(string key) => Take<TomlText>(key, "a text in quotes");

    /// <summary>Takes true or false.</summary>
    internal bool Flag(string key, bool fallback) => Take<TomlFlag>(key, "true or false, without quotes")?.Flag ?? fallback;

    /// <summary>Takes a list of texts; null when there is none.</summary>
    internal IReadOnlyList<TomlText>? Texts(string key)
    {
        if (Take<TomlList>(key, "a list of texts: [\"...\", \"...\"]") is not { } list)
        {
            return null;
        }

        foreach (var item in list.Items.Where(item => item is not TomlText))
        {
            Errors.Add(item.Place, $"{key} must hold texts in quotes, and this is {item.Kind}");
        }

        return [.. list.Items.OfType<TomlText>()];
    }

    /// <summary>Takes a whole number within bounds.</summary>
    internal uint Number(string key, uint least, uint most, uint fallback)
    {
        if (Take<TomlNumber>(key, "a whole number, without quotes") is not { } number)
        {
            return fallback;
        }

        if (number.Number >= least && number.Number <= most)
        {
            return (uint)number.Number;
        }

        Errors.Add(number.Place, $"{key} must be from {least} to {most}");
        return fallback;
    }

    /// <summary>Takes a duration within bounds.</summary>
    /// <returns>Seconds; null when there is none or it is wrong.</returns>
    internal uint? Duration(string key, uint least, uint most)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (!DurationText.TryRead(text.Text, out var seconds))
        {
            Errors.Add(text.Place, $"{key} must be a number with s, m, h or d, as in \"90s\" or \"4h\", not {Printable.Quote(text.Text)}");
            return null;
        }

        if (seconds >= least && seconds <= most)
        {
            return seconds;
        }

        Errors.Add(text.Place, $"{key} must be from {DurationText.Write(least)} to {DurationText.Write(most)}");
        return null;
    }

    /// <summary>The place of a key's value, or of the section when it has its default.</summary>
    internal Place PlaceOf(string key) => Entry(key)?.Value.Place ?? Place;

    /// <summary>An entry; null when it is not there.</summary>
    internal TomlEntry? Entry(string key) => _section is not null && _section.Entries.TryGetValue(key, out var entry) ? entry : null;

    private T? Take<T>(string key, string expected)
        where T : TomlValue
    {
        if (Entry(key) is not { } entry)
        {
            return null;
        }

        if (entry.Value is T value)
        {
            return value;
        }

        Errors.Add(entry.Value.Place, $"{key} must be {expected}, and this is {entry.Value.Kind}");
        return null;
    }

    private void RejectUnknown()
    {
        if (Schema.FreeSections.Contains(_name))
        {
            return;
        }

        IEnumerable<string> known = _name == Schema.Root ? Schema.Keys[_name].Concat(Schema.Keys.Keys.Skip(1)) : Schema.Keys[_name];
        foreach (var (key, entry) in Entries)
        {
            if (!known.Contains(key))
            {
                Errors.Add(entry.KeyPlace, Unknown(key, entry.Value, known));
            }
        }
    }

    private string Unknown(string key, TomlValue value, IEnumerable<string> known)
    {
        var what = _name == Schema.Root && value is TomlSection or TomlList { Items: [TomlSection, ..] } ? "section" : "key";
        var where = _name == Schema.Root ? string.Empty : $" in {Schema.Title(_name)}";
        var message = $"unknown {what} {Printable.Quote(key)}{where}";
        if (Schema.HomeOf(key) is { } home)
        {
            return $"{message}; it belongs into {Schema.Title(home)}";
        }

        return NearestWord.To(key, known) is { } nearest ? $"{message}; is {Printable.Quote(nearest)} meant?" : message;
    }
}
