using Postern.Tls.Native;

namespace Postern.Tls.Certificates;

/// <summary>The names that a certificate is for.</summary>
internal static class CertificateNames
{
    /// <summary>True when two certificates are for the same names, in the same order.</summary>
    internal static bool AreSame(nint certificate, nint other)
    {
        var (first, second) = (NamesOf(certificate), NamesOf(other));
        return first != 0 && second != 0 && CertificateCalls.Compare(first, second) == 0;
    }

    /// <summary>True when it is for this name, wildcards included (RFC 6125).</summary>
    /// <param name="certificate">The handle of the X509.</param>
    /// <param name="name">As a peer may have sent it: any octets.</param>
    internal static unsafe bool Cover(nint certificate, ReadOnlySpan<byte> name)
    {
        // To OpenSSL a name with a dot before it means all names below it, and an empty one any.
        if (name.IsEmpty || name[0] == '.')
        {
            return false;
        }

        fixed (byte* start = name)
        {
            return CertificateCalls.CoversName(certificate, start, (nuint)name.Length, 0, 0) == 1;
        }
    }
    // What stands there, as it was encoded; 0 for none.
    private static nint NamesOf(nint certificate)
    {
        var place = CertificateCalls.FindExtension(certificate, CertificateCalls.SubjectAlternativeName, -1);
        return place < 0 ? 0 : CertificateCalls.ExtensionValue(CertificateCalls.Extension(certificate, place));
    }
}
