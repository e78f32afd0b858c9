using Postern.Config.Errors;
using Postern.Config.Sections;
using Postern.Config.Toml;

namespace Postern.Config.Files;

/// <summary>Reads the usual format of aliases(5): "name: target, target", comments, continued lines, quotes.</summary>
internal sealed class AliasesFile
{
    private readonly string _file;
    private readonly AliasTable _table;
    private readonly ErrorList _errors;

    // The alias that is being read: its name, where that stands, and its targets so far.
    private string? _name;
    private Place _place;
    private List<(string, Place)> _targets = [];

    private AliasesFile(string file, AliasTable table, ErrorList errors)
    {
        _file = file;
        _table = table;
        _errors = errors;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its path, for messages.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="table">Takes the aliases.</param>
    /// <param name="errors">What is wrong.</param>
    internal static void Read(string file, ReadOnlySpan<byte> content, AliasTable table, ErrorList errors)
    {
        if (TomlSource.Decode(file, content, errors) is not { } text)
        {
            return;
        }

        var reader = new AliasesFile(file, table, errors);
        var number = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            reader.Line(text.AsSpan(range), ++number);
        }

        reader.Finish();
    }

    private void Line(ReadOnlySpan<char> line, int number)
    {
        var content = line.Trim(" \t\r");
        // A comment or an empty line ends nothing: lists are often written with comments between.
        if (content.IsEmpty || content[0] == '#')
        {
            return;
        }

        if (line[0] is not (' ' or '\t'))
        {
            Finish();
            Name(line, number);
        }
        else if (_name is null)
        {
            _errors.Add(new Place(_file, number, 1), "a line that begins with a space continues an alias, and there is none above it");
        }
        else
        {
            Targets(line, 0, number);
        }
    }

    private void Name(ReadOnlySpan<char> line, int number)
    {
        _place = new Place(_file, number, 1);
        var end = Unquoted(line, 0, ':');
        if (end < 0)
        {
            _errors.Add(_place, "an alias is written \"name: target, target\"");
            return;
        }

        _name = Plain(line[..end].Trim(" \t"));
        Targets(line, end + 1, number);
    }

    private void Targets(ReadOnlySpan<char> line, int start, int number)
    {
        while (start < line.Length)
        {
            var end = Unquoted(line, start, ',');
            var part = end < 0 ? line[start..] : line[start..end];
            var target = part.Trim(" \t\r");
            if (!target.IsEmpty)
            {
                var column = start + part.IndexOf(target, StringComparison.Ordinal) + 1;
                _targets.Add((Plain(target), new Place(_file, number, column)));
            }

            start = end < 0 ? line.Length : end + 1;
        }
    }

    private void Finish()
    {
        if (_name is not null)
        {
            _table.Add(_name, _place, _targets);
        }

        _name = null;
        _targets = [];
    }

    /// <summary>Finds a character outside quotes; −1 when there is none.</summary>
    private static int Unquoted(ReadOnlySpan<char> line, int start, char sought)
    {
        var quoted = false;
        for (var i = start; i < line.Length; i++)
        {
            if (line[i] == '\\' && quoted)
            {
                i++;
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == sought && !quoted)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Takes quotes off that stand around the whole; those around a local part belong to the address.</summary>
    private static string Plain(ReadOnlySpan<char> text)
    {
        var whole = text.Length >= 2 && text[0] == '"' && text[^1] == '"' && !text[1..^1].Contains('"');
        return (whole ? text[1..^1] : text).ToString();
    }
}
