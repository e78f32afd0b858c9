using System.Text;
using Postern.Config.Errors;
using Postern.Config.Files;
using Postern.Config.Sections;

namespace Postern.Config.Tests;

/// <summary>Reads a configuration for a test and tells what came of it.</summary>
internal sealed record Reading(Configuration? Configuration, IReadOnlyList<string> Errors)
{
    /// <summary>What works and should be looked at.</summary>
    internal IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The name under which test configurations are read.</summary>
    internal const string File = "postern.toml";

    /// <summary>Two lines that make every other key optional; what a test adds begins on line 3.</summary>
    internal const string Required = "hostname = \"mx.example.org\"\ndomains = [\"example.org\"]\n";

    /// <summary>Reads bytes.</summary>
    internal static Reading Of(ReadOnlySpan<byte> bytes, IFileSource? files = null)
    {
        var errors = new ErrorList();
        var configuration = ConfigurationReader.Read(File, bytes, files ?? new FakeFiles(), errors);
        return new Reading(configuration, Lines(errors.InOrder(File))) { Warnings = Lines(errors.WarningsInOrder(File)) };
    }

    private static IReadOnlyList<string> Lines(IReadOnlyList<ConfigError> errors) => [.. errors.Select(error =>
        error.Place.File == File ? $"{error.Place.Line}: {error.Message}" : $"{error.Place.File}:{error.Place.Line}: {error.Message}")];

    /// <summary>Reads a whole file.</summary>
    internal static Reading Of(string text, IFileSource? files = null) => Of(Encoding.UTF8.GetBytes(text), files);

    /// <summary>Reads lines after the required two.</summary>
    internal static Reading After(string text, IFileSource? files = null) => Of(Required + text, files);

    /// <summary>Reads lines after the required two that must be right.</summary>
    internal static Configuration Good(string text, IFileSource? files = null)
    {
        var reading = After(text, files);
        Assert.Empty(reading.Errors);
        return reading.Configuration!;
    }
}

/// <summary>Files that are not there but in a test.</summary>
internal sealed class FakeFiles : IFileSource
{
    private readonly Dictionary<string, byte[]> _content = [];

    /// <summary>Adds a file.</summary>
    internal FakeFiles With(string path, string content)
    {
        _content[path] = Encoding.UTF8.GetBytes(content);
        return this;
    }

    /// <inheritdoc/>
    public string? Read(string path, int maximum, out byte[] content)
    {
        content = _content.GetValueOrDefault(path, []);
        return _content.ContainsKey(path) ? null : "no such file or directory";
    }
}
