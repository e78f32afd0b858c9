using System.Globalization;

namespace Postern.Spool;

/// <summary>The names of files in a log's directory: a word and a number in eight hexadecimal digits.</summary>
internal static class SpoolNames
{
    /// <summary>A part of the log.</summary>
    internal const string Segment = "segment-";

    /// <summary>Reserved room for the next segment; its content means nothing.</summary>
    internal const string Spare = "spare-";

    /// <summary>A segment that is not read any more and that nobody but an administrator removes.</summary>
    internal const string SetAside = "damaged-";

    internal static string Of(string word, uint number) => $"{word}{number:x8}";

    /// <summary>Takes a name apart. Only the one spelling that <see cref="Of"/> gives is ours.</summary>
    internal static bool TryParse(string name, string word, out uint number)
    {
        number = 0;
        return name.StartsWith(word, StringComparison.Ordinal)
            && uint.TryParse(name.AsSpan(word.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            && number != 0 && name == Of(word, number);
    }
}
