using System.Text;
using Postern.Posix;
using Postern.Tls.Keys;
using Postern.Tls.Native;

namespace Postern.Tls.Certificates;

/// <summary>Makes a certificate that nobody vouches for, for a server that has none: it keeps listeners out, not impostors.</summary>
public static unsafe class SelfSigned
{
    // Anything else is 398 days at most on the public net; nobody checks this one, and it is made anew at each start.
    private static readonly TimeSpan _life = TimeSpan.FromDays(398);

    // Clocks differ: it is valid from before it was made.
    private static readonly TimeSpan _before = TimeSpan.FromDays(1);

    private const int Utf8 = 0x1000; // MBSTRING_UTF8
    private const int MaxCommonName = 64; // ub-common-name (RFC 5280 appendix A)
    private const int Version3 = 2;

    /// <summary>Makes one with an elliptic key (P-256).</summary>
    /// <param name="hostName">The name that it is for: a domain name, in ASCII.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidOperationException">OpenSSL refused: our own fault.</exception>
    public static TlsCertificate Make(string hostName, DateTimeOffset now)
    {
        var made = new TlsCertificate([Must(CertificateCalls.New())], SigningKey.Make().Release());
        try
        {
            Fill(made.Chain[0], made.Key, hostName, now);
            return made;
        }
        catch (InvalidOperationException)
        {
            made.Dispose();
            throw;
        }
    }

    private static void Fill(nint certificate, nint key, string hostName, DateTimeOffset now)
    {
        var name = Encoding.ASCII.GetBytes(hostName);
        var serial = BitConverter.ToUInt64(RandomBytes.Take(sizeof(ulong))) >> 1;
        Must(CertificateCalls.SetVersion(certificate, Version3));
        Must(CertificateCalls.SetNumber(CertificateCalls.SerialNumber(certificate), serial));
        Must(CertificateCalls.SetTime(CertificateCalls.ValidFromToSet(certificate), (now - _before).ToUnixTimeSeconds()));
        Must(CertificateCalls.SetTime(CertificateCalls.ValidUntilToSet(certificate), (now + _life).ToUnixTimeSeconds()));
        Must(CertificateCalls.SetKey(certificate, key));
        var subject = CertificateCalls.Subject(certificate);
        if (name.Length <= MaxCommonName)
        {
            fixed (byte* field = "CN\0"u8, value = name)
            {
                Must(CertificateCalls.AddEntry(subject, field, Utf8, value, name.Length, -1, 0));
            }
        }

        Must(CertificateCalls.SetIssuer(certificate, subject));
        Add(certificate, CertificateCalls.BasicConstraints, "critical,CA:FALSE"u8);
        Add(certificate, CertificateCalls.SubjectAlternativeName, [.. "DNS:"u8, .. name]);
        // The length of the signature.
        Must(CertificateCalls.Sign(certificate, key, CryptoCalls.Sha256()));
    }

    private static void Add(nint certificate, int identifier, ReadOnlySpan<byte> value)
    {
        fixed (byte* text = (byte[])[.. value, 0])
        {
            var extension = Must(CertificateCalls.NewExtension(0, 0, identifier, text));
            var added = CertificateCalls.AddExtension(certificate, extension, -1);
            CertificateCalls.FreeExtension(extension);
            Must(added);
        }
    }

    private static nint Must(nint result) =>
        result > 0 ? result : throw new InvalidOperationException($"a certificate could not be made: {OpenSsl.Reason}");
}
