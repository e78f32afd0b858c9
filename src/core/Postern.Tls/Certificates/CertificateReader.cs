using System.Diagnostics.CodeAnalysis;
using Postern.Tls.Native;

namespace Postern.Tls.Certificates;

/// <summary>Makes certificates out of the text that certificate authorities hand out (PEM, RFC 7468).</summary>
public static unsafe class CertificateReader
{
    /// <summary>Certificates in a chain. Arbitrary: authorities in use have three or four.</summary>
    public const int MaxChain = 10;

    // What an RSA key needs for 112 bits, less than which OpenSSL does not take at the level that contexts have.
    private const int MinRsaBits = 2048;

    /// <summary>Reads a chain and its key, and checks that they belong together.</summary>
    /// <param name="chainText">The leaf first, then whoever vouches for it. Text around the certificates is passed over.</param>
    /// <param name="keyText">The key; may be the same text.</param>
    /// <param name="certificate">What came of it.</param>
    /// <param name="problem">What is wrong, for the administrator: the end of a sentence that begins with the files' names.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> chainText, ReadOnlySpan<byte> keyText, [NotNullWhen(true)] out TlsCertificate? certificate, out string problem)
    {
        var chain = new List<nint>();
        var key = default(nint);
        problem = ReadChain(chainText, chain) ?? ReadKey(keyText, out key) ?? CheckKey(chain[0], key) ?? CheckChain(chain) ?? string.Empty;
        certificate = new TlsCertificate([.. chain], key);
        if (problem.Length > 0)
        {
            certificate.Dispose();
            certificate = null;
        }

        CryptoCalls.ClearErrors();
        return certificate is not null;
    }

    private static string? ReadChain(ReadOnlySpan<byte> text, List<nint> chain)
    {
        fixed (byte* start = text)
        {
            var stream = CryptoCalls.OverMemory(start, text.Length);
            while (stream != 0 && chain.Count <= MaxChain)
            {
                var next = CertificateCalls.Read(stream, null, 0, null);
                if (next == 0)
                {
                    break;
                }

                chain.Add(next);
            }

            _ = CryptoCalls.FreeStream(stream);
        }

        return chain.Count > MaxChain ? $"has more than {MaxChain} certificates"
            : chain.Count == 0 ? "has no certificate that can be read (it takes PEM: -----BEGIN CERTIFICATE-----)"
            : chain.Count < Blocks(text) ? $"has a certificate that can't be read after the first {chain.Count}"
            : null;
    }

    /// <summary>Reads a private key; the problem is the end of a sentence that begins with the file's name.</summary>
    internal static string? ReadKey(ReadOnlySpan<byte> text, out nint key)
    {
        CryptoCalls.ClearErrors();
        // A passphrase of no letters: without any, OpenSSL would ask at the terminal.
        fixed (byte* start = text, none = "\0"u8)
        {
            var stream = CryptoCalls.OverMemory(start, text.Length);
            key = stream == 0 ? 0 : CryptoCalls.ReadKey(stream, null, 0, none);
            _ = CryptoCalls.FreeStream(stream);
        }

        if (key == 0)
        {
            return text.IndexOf("ENCRYPTED"u8) >= 0
                ? "has a key that is encrypted: it has to be stored without a passphrase (openssl pkey -in FILE -out NEW)"
                : text.IndexOf("PRIVATE KEY-----"u8) < 0 ? "has no private key (it takes PEM: -----BEGIN PRIVATE KEY-----)"
                : $"has a private key that can't be read ({OpenSsl.Reason})";
        }

        return CryptoCalls.KindOfKey(key) switch
        {
            CryptoCalls.KeyRsa when CryptoCalls.BitsOfKey(key) < MinRsaBits =>
                $"has an RSA key of {CryptoCalls.BitsOfKey(key)} bits: it takes {MinRsaBits} at least",
            CryptoCalls.KeyRsa or CryptoCalls.KeyElliptic => null,
            _ => "has a key that is neither RSA nor elliptic (ECDSA)",
        };
    }

    private static string? CheckKey(nint leaf, nint key)
    {
        if (CertificateCalls.FitsKey(leaf, key) == 1)
        {
            return null;
        }

        var (ours, theirs) = (CryptoCalls.KindOfKey(key), CryptoCalls.KindOfKey(CertificateCalls.PublicKey(leaf)));
        return ours != theirs
            ? $"has {NameOf(theirs)} in its first certificate and {NameOf(ours)} as its private key: they do not belong together"
            : "has a private key that is not the one of its first certificate";
    }

    private static string? CheckChain(List<nint> chain)
    {
        for (var i = 1; i < chain.Count; i++)
        {
            if (CertificateCalls.CheckIssued(chain[i], chain[i - 1]) != 0)
            {
                return $"is no chain: certificate {i + 1} is not the issuer of certificate {i} (the server's own comes first)";
            }
        }

        return null;
    }

    private static string NameOf(int kind) => kind switch
    {
        CryptoCalls.KeyRsa => "an RSA key",
        CryptoCalls.KeyElliptic => "an elliptic key",
        _ => "a key of another kind",
    };

    private static int Blocks(ReadOnlySpan<byte> text) => text.Count("-----BEGIN CERTIFICATE-----"u8);
}
