using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Postern.Text;

namespace Postern.Sasl;

/// <summary>The SHA-256 of a certificate, as 64 small hexadecimal digits: what is kept of one.</summary>
/// <remarks>Of the whole certificate and not of its key alone: it is what every tool prints, and a new certificate is a new thing to allow.</remarks>
public static class CertificateFingerprint
{
    /// <summary>The largest file, in bytes; arbitrary: certificates have some thousand.</summary>
    public const int MaxFile = 64 * 1024;

    private const int Digits = 64;
    private const string Begin = "-----BEGIN CERTIFICATE-----";
    private const string End = "-----END CERTIFICATE-----";

    private static readonly SearchValues<byte> s_digits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>True for a fingerprint as it is kept.</summary>
    public static bool IsOne(ReadOnlySpan<byte> text) => text.Length == Digits && !text.ContainsAnyExcept(s_digits);

    /// <summary>Reads one as tools print it: 32 bytes in hexadecimal digits, large or small, with colons between the bytes or without.</summary>
    public static bool TryParse(string text, out string fingerprint)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool parted = text.Length == Digits + (Digits / 2) - 1;
        var digits = new StringBuilder(Digits);
        for (int i = 0; i < text.Length && digits.Length <= Digits; i++)
        {
            if (!parted || i % 3 != 2) digits.Append(char.ToLowerInvariant(text[i]));
            else if (text[i] != ':') digits.Append('?');
        }
        fingerprint = digits.ToString();
        return Ascii.IsPrintable(Encoding.UTF8.GetBytes(text)) && IsOne(Encoding.UTF8.GetBytes(fingerprint));
    }

    /// <summary>Takes that of the one certificate in a file.</summary>
    /// <param name="file">PEM (RFC 7468). Whatever else is in it, a key or a text, is passed over; a second certificate is not.</param>
    /// <param name="fingerprint">The fingerprint.</param>
    /// <param name="reason">Why there is none.</param>
    public static bool TryRead(ReadOnlySpan<byte> file, [NotNullWhen(true)] out string? fingerprint, [NotNullWhen(false)] out string? reason)
    {
        (fingerprint, reason) = (null, null);
        string text = Encoding.Latin1.GetString(file);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = begin < 0 ? -1 : text.IndexOf(End, begin + Begin.Length, StringComparison.Ordinal);
        if (end < 0) reason = "it has no certificate (PEM)";
        else if (text.IndexOf(Begin, end, StringComparison.Ordinal) >= 0) reason = "it has several certificates, and only the user's own counts: give its fingerprint";
        else fingerprint = Digest(text[(begin + Begin.Length)..end]);
        reason ??= fingerprint is null ? "its certificate can't be read" : null;
        return fingerprint is not null;
    }

    private static string? Digest(string body)
    {
        var digits = new StringBuilder(body.Length);
        foreach (char one in body)
        {
            if (one is not ('\r' or '\n')) digits.Append(one);
        }
        var text = Encoding.Latin1.GetBytes(digits.ToString());
        var bytes = new byte[((text.Length / 4) + 1) * 3];
        // A certificate is one SEQUENCE, of a length that takes two bytes to say (RFC 5280 §4.1, X.690 §8.1.3.5).
        return Base64Text.TryDecode(text, bytes, out int length) && length > 4 && bytes[0] == 0x30 && bytes[1] == 0x82 && (bytes[2] << 8) + bytes[3] + 4 == length
            ? Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, length)))
            : null;
    }
}
