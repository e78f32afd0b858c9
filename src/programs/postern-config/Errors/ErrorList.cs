namespace Postern.Config.Errors;

/// <summary>Collects everything that is wrong, so that an administrator sees it at once and not one by one.</summary>
internal sealed class ErrorList
{
    /// <summary>Nobody reads more than this; a wrong file of a million lines must not make a log of a million lines. Arbitrary.</summary>
    internal const int MaxErrors = 500;

    private readonly List<ConfigError> _errors = [];
    private readonly List<ConfigError> _warnings = [];

    /// <summary>True when nothing was wrong.</summary>
    internal bool IsEmpty => _errors.Count == 0;

    /// <summary>True when something should be looked at, right or wrong as the rest may be.</summary>
    internal bool HasWarnings => _warnings.Count > 0;

    /// <summary>How many more there were than are kept.</summary>
    internal int Dropped { get; private set; }

    /// <summary>Notes an error.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="message">What is wrong; may quote the file, and is made printable here.</param>
    internal void Add(Place place, string message) => Add(_errors, place, message);

    /// <summary>Notes what works as it is written and is hardly meant so.</summary>
    /// <inheritdoc cref="Add(Place, string)"/>
    internal void Warn(Place place, string message) => Add(_warnings, place, message);

    /// <summary>The errors in the order of their lines; the configuration file's own before those of files that it names.</summary>
    internal IReadOnlyList<ConfigError> InOrder(string mainFile) => Sorted(_errors, mainFile);

    /// <summary>The warnings in the same order.</summary>
    internal IReadOnlyList<ConfigError> WarningsInOrder(string mainFile) => Sorted(_warnings, mainFile);

    private static ConfigError[] Sorted(List<ConfigError> list, string mainFile) =>
        [.. list
            .OrderBy(error => error.Place.File != mainFile)
            .ThenBy(error => error.Place.File, StringComparer.Ordinal)
            .ThenBy(error => error.Place.Line)
            .ThenBy(error => error.Place.Column)];

    private void Add(List<ConfigError> list, Place place, string message)
    {
        if (list.Count == MaxErrors)
        {
            Dropped++;
            return;
        }

        list.Add(new ConfigError(place, Printable.Line(message)));
    }
}
