using Postern.Config.Errors;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Postern.Config.Toml;

/// <summary>Reads TOML into sections and values with their places.</summary>
/// <remarks>
/// The package's parser makes the syntax tree; its own check for keys that stand twice is left off, because its messages
/// repeat whole sections and a file of repeated sections then costs gigabytes. <see cref="TomlTree"/> does it instead.
/// </remarks>
internal static class TomlReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="errors">What is wrong with it.</param>
    /// <returns>The root; null when the file is not TOML, and then there are errors.</returns>
    internal static TomlSection? Read(string file, ReadOnlySpan<byte> bytes, ErrorList errors)
    {
        if (TomlSource.Decode(file, bytes, errors) is not { } text)
        {
            return null;
        }

        // The package's lexer throws when the file ends within an escape (Tomlyn 2.10.2); a line feed is never part of one.
        text = text.EndsWith('\n') ? text : text + '\n';
        DocumentSyntax document;
        try
        {
            document = SyntaxParser.Parse(text, file, validate: false);
        }
        catch (TomlException)
        {
            // The one thing that it throws for: brackets within brackets, more than 64 deep.
            errors.Add(FirstFault(file, text), "lists or tables within each other, deeper than any key takes");
            return null;
        }

        if (document.Diagnostics.Count > 0)
        {
            Report(file, document.Diagnostics, errors);
            return null;
        }

        var tree = new TomlTree(file, errors);
        tree.Add(document);
        return tree.Root;
    }

    /// <summary>Notes the first complaint about each line; the rest of a line follows from it.</summary>
    private static void Report(string file, DiagnosticsBag complaints, ErrorList errors)
    {
        var lines = new HashSet<int>();
        complaints = WithoutEcho(complaints);
        foreach (var complaint in complaints.OrderBy(complaint => complaint.Span.Start.Line).ThenBy(complaint => complaint.Span.Start.Column))
        {
            if (lines.Add(complaint.Span.Start.Line))
            {
                errors.Add(new Place(file, complaint.Span.Start.Line + 1, complaint.Span.Start.Column + 1), $"not TOML: {complaint.Message}");
            }
        }
    }

    /// <summary>Takes out what the parser says a second time about the end of the file, with the place of its first character.</summary>
    private static DiagnosticsBag WithoutEcho(DiagnosticsBag complaints) => complaints.Count == 1
        ? complaints
        : new DiagnosticsBag(complaints.Where(complaint =>
            complaint.Span.Start is not { Line: 0, Column: 0 } || !complaint.Message.Contains("<eof>", StringComparison.Ordinal)));

    /// <summary>Finds the line of what the syntax tree's parser threw for: the event parser stops at the same place and knows it.</summary>
    private static Place FirstFault(string file, string text)
    {
        var parser = TomlParser.Create(text, new TomlParserOptions { Mode = TomlParserMode.Tolerant });
        try
        {
            while (parser.MoveNext())
            {
            }
        }
        catch (TomlException fault)
        {
            return new Place(file, fault.Line ?? 1, fault.Column ?? 1);
        }

        return new Place(file, parser.Diagnostics.Count > 0 ? parser.Diagnostics[0].Span.Start.Line + 1 : 1, 1);
    }
}
