using System.Globalization;
using System.Text;

namespace Postern.Config.Errors;

/// <summary>Makes text from a file fit for a terminal and a log: printable ASCII, one line, of bounded length.</summary>
/// <remarks>A configuration can be pasted from anywhere; an escape sequence in it must not reach the administrator's terminal.</remarks>
internal static class Printable
{
    /// <summary>A wrong value is shown up to here: enough to recognise it. Arbitrary.</summary>
    internal const int MaxShown = 80;

    /// <summary>A message is cut here. Arbitrary; none of ours is that long.</summary>
    internal const int MaxLine = 600;

    /// <summary>A value from the file in quotes, shortened.</summary>
    internal static string Quote(string value) => $"\"{(value.Length <= MaxShown ? value : value[..MaxShown] + "...")}\"";

    /// <summary>The text with everything but printable ASCII written as \u{HEX}.</summary>
    internal static string Line(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, MaxLine));
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= MaxLine)
            {
                line.Append("...");
                break;
            }

            if (rune.Value is >= 0x20 and <= 0x7e)
            {
                line.Append((char)rune.Value);
            }
            else
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
            }
        }

        return line.ToString();
    }
}
