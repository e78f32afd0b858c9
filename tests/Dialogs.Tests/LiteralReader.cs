using System.Globalization;
using System.Text;

namespace Dialogs.Tests;

/// <summary>Reads what stands behind "~>": strings in quotes, joined by "+", repeated by "*", grouped by parentheses.</summary>
internal sealed class LiteralReader(string text)
{
    private int _at;

    /// <summary>The bytes that the text stands for, a character each.</summary>
    public static string Read(string text)
    {
        var reader = new LiteralReader(text);
        var value = reader.Sum();
        reader.SkipSpace();
        return reader._at == text.Length ? value : throw new FormatException($"Left over: {text[reader._at..]}");
    }

    private string Sum()
    {
        var value = Product();
        while (Take('+')) value += Product();
        return value;
    }

    private string Product()
    {
        var value = Atom();
        while (Take('*')) value = string.Concat(Enumerable.Repeat(value, Number()));
        return value;
    }

    private string Atom()
    {
        if (!Take('(')) return Quoted();
        var value = Sum();
        return Take(')') ? value : throw new FormatException("A parenthesis is not closed.");
    }

    private int Number()
    {
        SkipSpace();
        var start = _at;
        while (_at < text.Length && char.IsAsciiDigit(text[_at])) _at++;
        return int.Parse(text[start.._at], CultureInfo.InvariantCulture);
    }

    private string Quoted()
    {
        SkipSpace();
        var quote = text[_at++];
        if (quote is not ('\'' or '"')) throw new FormatException($"No string: {text}");
        var value = new StringBuilder();
        while (text[_at] != quote) value.Append(text[_at] == '\\' ? Escape() : text[_at++]);
        _at++;
        return value.ToString();
    }

    private char Escape()
    {
        var letter = text[_at + 1];
        _at += 2;
        if (letter != 'x') return letter switch { 'n' => '\n', 'r' => '\r', 't' => '\t', '0' => '\0', _ => letter };
        _at += 2;
        return (char)Convert.ToInt32(text[(_at - 2).._at], 16);
    }

    private bool Take(char letter)
    {
        SkipSpace();
        if (_at == text.Length || text[_at] != letter) return false;
        _at++;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && text[_at] == ' ') _at++;
    }
}
