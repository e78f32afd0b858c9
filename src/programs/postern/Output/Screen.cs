using System.Text;
using System.Text.Json;
using Spectre.Console;
using SpectreText = Spectre.Console.Text;

namespace Postern.CommandLine.Output;

/// <summary>Where a command's results go: tables on a terminal, aligned text elsewhere, JSON when asked.</summary>
/// <remarks>
/// Everything passes <see cref="Tame"/> last: whatever a command forgot to escape, no control character and no byte
/// beyond ASCII reaches a terminal (SECURITY M1).
/// </remarks>
internal sealed class Screen(TextWriter output, TextWriter error, Stream raw, bool isTerminal)
{
    /// <summary>True when results are wanted as JSON.</summary>
    internal bool Json { get; set; }

    /// <summary>True when a person looks on.</summary>
    internal bool IsTerminal => isTerminal;

    /// <summary>Standard output for bytes, when it is not a terminal.</summary>
    internal Stream Raw => raw;

    /// <summary>Text in which every character is a printable one of ASCII.</summary>
    internal static string Tame(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = source[i] is >= ' ' and <= '~' ? source[i] : '?';
        }
    });

    /// <summary>Writes a line of results.</summary>
    internal void Line(string text) => output.Write(Tame(text) + "\n");

    /// <summary>Writes a line to standard error.</summary>
    internal void Complain(string text) => error.Write($"postern: {Tame(text)}\n");

    /// <summary>Writes text of several lines that another library composed of our own words.</summary>
    internal void Words(string text)
    {
        foreach (var line in text.TrimEnd().Split('\n'))
        {
            Line(line.TrimEnd());
        }
    }

    /// <summary>Writes one JSON value and a line end. The writer's encoder turns all but ASCII into escapes.</summary>
    internal void WriteJson(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            write(writer);
        }

        output.Write(Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length)) + "\n");
    }

    /// <summary>Writes a table.</summary>
    internal void Table(IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (isTerminal)
        {
            WriteDrawn(heads, rows);
        }
        else
        {
            WriteAligned(heads, rows);
        }
    }

    private void WriteDrawn(IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        // Text, not markup: "[red]" in an address stays "[red]".
        var table = new Table { Border = TableBorder.Simple };
        foreach (var head in heads)
        {
            table.AddColumn(new TableColumn(new SpectreText(Tame(head))));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new SpectreText(Tame(cell))));
        }

        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }).Write(table);
    }

    private void WriteAligned(IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = heads.Select(head => head.Length).ToArray();
        foreach (var row in rows)
        {
            for (var i = 0; i < widths.Length; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Length);
            }
        }

        foreach (var row in rows.Prepend(heads))
        {
            Line(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }
    }
}
