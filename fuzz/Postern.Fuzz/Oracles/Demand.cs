using System.Text;
using Postern.Text;

namespace Postern.Fuzz.Oracles;

/// <summary>An oracle's verdict: what the input led to must never be.</summary>
public sealed class ViolationException(string message) : Exception(message);

/// <summary>What oracles say.</summary>
internal static class Demand
{
    private const int MaxShown = 200;

    internal static void That(bool condition, string otherwise)
    {
        if (!condition) throw new ViolationException(otherwise);
    }

    internal static void Equal<T>(T expected, T actual, string what)
    {
        if (EqualityComparer<T>.Default.Equals(expected, actual)) return;
        (string right, string wrong) = ($"{expected}", $"{actual}");
        // Of long texts, where they part.
        int same = right.Length + wrong.Length < MaxShown ? 0 : Math.Max(right.AsSpan().CommonPrefixLength(wrong) - 40, 0);
        throw new ViolationException($"{what}: {Show(wrong[same..])}, and {Show(right[same..])} is right{(same > 0 ? $" from {same} on" : "")}.");
    }

    internal static void Same(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string what)
    {
        if (!expected.SequenceEqual(actual)) Equal(Latin(expected), Latin(actual), what);
    }

    /// <summary>A character for each byte.</summary>
    internal static string Latin(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private static string Show(string text) => EscapedText.Of(text.Length > MaxShown ? text[..MaxShown] : text);
}
