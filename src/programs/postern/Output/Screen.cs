using System.Text;
using System.Text.Json;

namespace Postern.CommandLine.Output;

/// <summary>Where a command's results go: aligned text, or JSON when asked.</summary>
/// <remarks>
/// Everything passes <see cref="Tame"/> last: whatever a command forgot to escape, no control character and no byte
/// beyond ASCII reaches a terminal (attack M1).
/// </remarks>
internal sealed class Screen(TextWriter output, TextWriter error, Stream raw, bool isTerminal)
{
    /// <summary>True when results are wanted as JSON.</summary>
    internal bool Json { get; set; }

    /// <summary>True when a person looks on.</summary>
    internal bool IsTerminal => isTerminal;

    /// <summary>True when a person sees standard error.</summary>
    internal bool IsWatched { get; init; }

    /// <summary>The name that the program was called by, which stands before its complaints.</summary>
    internal string Name { get; set; } = "postern";

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
    internal void Complain(string text) => error.Write($"{Name}: {Tame(text)}\n");

    /// <summary>Writes to standard error what another program of ours reported, line by line.</summary>
    internal void Report(string lines)
    {
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            error.Write($"{Tame(line)}\n");
        }
    }

    /// <summary>Asks somebody who types at a terminal, on standard error.</summary>
    internal void Prompt(string text) => error.Write(text);

    /// <summary>Says to a person who waits how far something is; nobody else gets to see it.</summary>
    internal void Remark(string text)
    {
        if (IsWatched)
        {
            error.Write($"{Tame(text)}\n");
        }
    }

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

    /// <summary>Writes a table: a line of heads and a line per row, each column as wide as its widest cell.</summary>
    internal void Table(IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows)
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
