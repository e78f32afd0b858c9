using System.Text;

namespace Postern.Smtpd.Tests.Harness;

/// <summary>The ways in which a network may deliver the same bytes.</summary>
internal static class Ways
{
    /// <summary>All at once, and each byte by itself.</summary>
    public static IEnumerable<string[]> Of(string bytes)
    {
        yield return [bytes];
        yield return [.. bytes.Select(letter => letter.ToString())];
    }

    /// <summary>The same, and cut in two at every place.</summary>
    public static IEnumerable<string[]> EverySplitOf(string bytes)
    {
        foreach (var way in Of(bytes)) yield return way;
        for (var at = 1; at < bytes.Length; at++) yield return [bytes[..at], bytes[at..]];
    }

    /// <summary>Shows bytes in C notation, for a failing case.</summary>
    public static string Show(string bytes)
    {
        var text = new StringBuilder();
        foreach (var letter in bytes) text.Append(letter is >= ' ' and <= '~' ? letter.ToString() : $"\\x{(int)letter:x2}");
        return text.ToString();
    }
}
