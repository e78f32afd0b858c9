using System.Globalization;
using Postern.Tls.Native;

namespace Postern.Tls.Certificates;

/// <summary>A certificate with its chain and its key, checked to belong together.</summary>
/// <remarks>No finaliser: it is freed by whoever holds it, and contexts made with it keep their own hold on it.</remarks>
public sealed class TlsCertificate : IDisposable
{
    internal TlsCertificate(nint[] chain, nint key)
    {
        Chain = chain;
        Key = key;
    }

    /// <summary>The leaf, then those that vouch for it, as handles of X509.</summary>
    internal nint[] Chain { get; private set; }

    /// <summary>The handle of the EVP_PKEY.</summary>
    internal nint Key { get; private set; }

    /// <summary>True when it is RSA's, false when elliptic: a service holds one of each.</summary>
    public bool IsRsa => CryptoCalls.KindOfKey(Key) == CryptoCalls.KeyRsa;

    /// <summary>When the leaf begins to be valid.</summary>
    public DateTimeOffset ValidFrom => CertificateDate.Read(CertificateCalls.ValidFrom(Chain[0]));

    /// <summary>When the leaf ends to be valid.</summary>
    public DateTimeOffset ValidUntil => CertificateDate.Read(CertificateCalls.ValidUntil(Chain[0]));

    /// <summary>The SHA-256 of the leaf, by which a person recognises it.</summary>
    public byte[] Fingerprint => CertificateDigest.Sha256(Chain[0]);

    /// <summary>What is wrong with its time, for the administrator; null for nothing.</summary>
    /// <remarks>No reason to do without it: most mail servers take any certificate, and none would leave them no TLS at all.</remarks>
    public string? DoubtAt(DateTimeOffset now) =>
        now < ValidFrom ? string.Create(CultureInfo.InvariantCulture, $"is not valid before {ValidFrom:yyyy-MM-dd HH:mm} UTC")
        : now > ValidUntil ? string.Create(CultureInfo.InvariantCulture, $"expired at {ValidUntil:yyyy-MM-dd HH:mm} UTC")
        : null;

    /// <summary>True when the leaf is for this name, wildcards included (RFC 6125).</summary>
    /// <param name="name">As a peer may have sent it: any octets.</param>
    public bool Covers(ReadOnlySpan<byte> name) => CertificateNames.Cover(Chain[0], name);

    /// <summary>True when another is for the same names, in the same order: with a key of the other kind it is its twin.</summary>
    public bool HasNamesOf(TlsCertificate other) => CertificateNames.AreSame(Chain[0], other.Chain[0]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var certificate in Chain)
        {
            CertificateCalls.Free(certificate);
        }

        CryptoCalls.FreeKey(Key);
        (Chain, Key) = ([], 0);
    }
}
