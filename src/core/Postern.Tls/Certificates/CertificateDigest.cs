using Postern.Tls.Native;

namespace Postern.Tls.Certificates;

/// <summary>Digests of a whole certificate.</summary>
internal static unsafe class CertificateDigest
{
    /// <summary>Its SHA-256.</summary>
    internal static byte[] Sha256(nint certificate) => Of(certificate, CryptoCalls.Sha256());

    /// <summary>The digest that stands for it as a channel binding (tls-server-end-point, RFC 5929 §4.1); empty where none is defined.</summary>
    internal static byte[] ForBinding(nint certificate)
    {
        int digest;
        if (CertificateCalls.SignatureKind(certificate, &digest, null, null, null) != 1 || digest == 0)
        {
            return [];
        }

        // By the digest of its signature; SHA-256 where that is MD5 or SHA-1.
        var name = OpenSsl.Text(CryptoCalls.NameOf(digest));
        return name is "MD5" or "SHA1" ? Sha256(certificate) : Of(certificate, CryptoCalls.DigestOf(CryptoCalls.NameOf(digest)));
    }

    private static byte[] Of(nint certificate, nint kind)
    {
        var output = stackalloc byte[CertificateCalls.MaxDigest];
        uint length = CertificateCalls.MaxDigest;
        return kind != 0 && CertificateCalls.Digest(certificate, kind, output, &length) == 1
            ? new ReadOnlySpan<byte>(output, (int)length).ToArray()
            : [];
    }
}
