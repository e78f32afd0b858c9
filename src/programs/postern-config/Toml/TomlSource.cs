using System.Text;
using System.Text.Unicode;
using Postern.Config.Errors;

namespace Postern.Config.Toml;

/// <summary>Turns the bytes of a file into text, or says on which line they are none.</summary>
internal static class TomlSource
{
    /// <summary>Larger than a hundred thousand mailboxes take; a bound on what the parser's tree may cost. Arbitrary.</summary>
    internal const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Decodes UTF-8 strictly.</summary>
    /// <returns>The text; null after an error was noted.</returns>
    internal static string? Decode(string file, ReadOnlySpan<byte> bytes, ErrorList errors)
    {
        if (bytes.Length > MaxBytes)
        {
            errors.Add(new Place(file, 1, 1), $"the file is larger than {MaxBytes / (1024 * 1024)} MiB");
            return null;
        }

        if (Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        // A line feed is never a part of a longer sequence, so that each line can be judged alone.
        var number = 0;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            number++;
            if (!Utf8.IsValid(bytes[range]))
            {
                errors.Add(new Place(file, number, 1), "this line is not valid UTF-8");
            }
        }

        return null;
    }
}
