using Postern.Tls.Native;

namespace Postern.Tls.Certificates;

/// <summary>The names that a certificate is for.</summary>
internal static class CertificateNames
{
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
}
