using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Postern.Text;

namespace Postern.Sasl;

/// <summary>A verifier in one line, as PostgreSQL writes it: <c>SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c>, all but the number in base64.</summary>
public static class VerifierText
{
    private const int MaxKeyText = 64;
    private const int MaxSaltRoom = ScramSalt.MaxSaltLength + 4;

    private static ReadOnlySpan<byte> Prefix => "SCRAM-SHA-256$"u8;

    /// <summary>Writes one.</summary>
    public static string Write(ScramSalt salt, ScramVerifier verifier)
    {
        ArgumentNullException.ThrowIfNull(salt);
        ArgumentNullException.ThrowIfNull(verifier);
        return string.Create(CultureInfo.InvariantCulture, $"{Encoding.ASCII.GetString(Prefix)}{salt.Iterations}:{Encode(salt.Salt.Span)}${Encode(verifier.StoredKey)}:{Encode(verifier.ServerKey)}");
    }

    /// <summary>Reads one.</summary>
    /// <param name="text">All of it.</param>
    /// <param name="salt">Salt and iterations, within the limits of <see cref="ScramSalt"/>.</param>
    /// <param name="verifier">The keys.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, [NotNullWhen(true)] out ScramSalt? salt, [NotNullWhen(true)] out ScramVerifier? verifier)
    {
        salt = null;
        verifier = null;
        if (!text.StartsWith(Prefix)) return false;
        var rest = text[Prefix.Length..];
        if (!TryTake(ref rest, (byte)':', out var iterations) || !TryTake(ref rest, (byte)'$', out var saltText) || !TryTake(ref rest, (byte)':', out var stored)) return false;
        Span<byte> saltBytes = stackalloc byte[MaxSaltRoom];
        Span<byte> storedKey = stackalloc byte[MaxKeyText];
        Span<byte> serverKey = stackalloc byte[MaxKeyText];
        if (!DecimalText.TryRead(iterations, ScramSalt.MaxIterations, out uint count) || count < ScramSalt.MinIterations) return false;
        if (saltText.Length > Base64Text.LengthFor(ScramSalt.MaxSaltLength) || !Base64Text.TryDecode(saltText, saltBytes, out int saltLength)) return false;
        if (saltLength is 0 or > ScramSalt.MaxSaltLength || !TryReadKey(stored, storedKey) || !TryReadKey(rest, serverKey)) return false;
        salt = new ScramSalt(saltBytes[..saltLength].ToArray(), (int)count);
        verifier = new ScramVerifier(storedKey[..ScramVerifier.KeyLength], serverKey[..ScramVerifier.KeyLength]);
        return true;
    }

    private static bool TryReadKey(ReadOnlySpan<byte> text, Span<byte> key) =>
        text.Length == Base64Text.LengthFor(ScramVerifier.KeyLength) && Base64Text.TryDecode(text, key, out int length) && length == ScramVerifier.KeyLength;

    private static bool TryTake(ref ReadOnlySpan<byte> rest, byte end, out ReadOnlySpan<byte> part)
    {
        int at = rest.IndexOf(end);
        part = at < 0 ? default : rest[..at];
        rest = at < 0 ? default : rest[(at + 1)..];
        return at >= 0;
    }

    private static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<byte> text = stackalloc byte[Base64Text.LengthFor(ScramSalt.MaxSaltLength)];
        return Encoding.ASCII.GetString(text[..Base64Text.Encode(bytes, text)]);
    }
}
