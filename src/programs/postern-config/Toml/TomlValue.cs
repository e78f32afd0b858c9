using Postern.Config.Errors;

namespace Postern.Config.Toml;

/// <summary>A value of the file and where it stands.</summary>
/// <param name="Place">Its first character.</param>
/// <param name="Kind">What it is, for messages: "a text".</param>
internal abstract record TomlValue(Place Place, string Kind);

/// <summary>A text in quotes.</summary>
internal sealed record TomlText(Place Place, string Text) : TomlValue(Place, "a text");

/// <summary>A whole number.</summary>
internal sealed record TomlNumber(Place Place, long Number) : TomlValue(Place, "a number");

/// <summary>true or false.</summary>
internal sealed record TomlFlag(Place Place, bool Flag) : TomlValue(Place, "true or false");

/// <summary>Values in brackets, or the tables of a [[name]].</summary>
internal sealed record TomlList(Place Place, List<TomlValue> Items) : TomlValue(Place, "a list");

/// <summary>Keys with values: the file itself, a [section], or an inline table.</summary>
internal sealed record TomlSection(Place Place, SectionOrigin Origin) : TomlValue(Place, "a section")
{
    /// <summary>The keys in the order of the file.</summary>
    internal OrderedDictionary<string, TomlEntry> Entries { get; } = new(StringComparer.Ordinal);
}

/// <summary>A value that no key of ours takes: a date, a time, or a number with a point.</summary>
internal sealed record TomlOther(Place Place, string Kind) : TomlValue(Place, Kind);

/// <summary>A key and its value.</summary>
/// <param name="KeyPlace">Where the key stands.</param>
/// <param name="Value">Its value.</param>
internal readonly record struct TomlEntry(Place KeyPlace, TomlValue Value);

/// <summary>How a section came to be; that decides whether it may be opened again (TOML 1.1, "Table").</summary>
internal enum SectionOrigin
{
    /// <summary>Named on the way to another: a in [a.b]. One header may still follow.</summary>
    Implied,

    /// <summary>Has its [header].</summary>
    Header,

    /// <summary>Made by a dotted key: a in a.b = 1. Further dotted keys may add to it.</summary>
    Dotted,

    /// <summary>Written {…}, complete where it stands.</summary>
    Inline,
}
