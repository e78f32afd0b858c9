using System.Globalization;
using System.Text;

namespace Postern.Smtp;

/// <summary>Reads moments as RFC 3339 writes them, in UTC and in whole seconds: 2026-11-28T15:00:00Z.</summary>
public static class UtcText
{
    private const int Length = 20;
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Reads one; false for everything that is not exactly of this form, or no day or hour that there is.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out DateTimeOffset moment)
    {
        moment = default;
        Span<char> letters = stackalloc char[Length];
        return text.Length == Length && Encoding.Latin1.GetChars(text, letters) == Length
            && DateTimeOffset.TryParseExact(letters, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment);
    }
}
