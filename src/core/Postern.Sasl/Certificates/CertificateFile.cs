using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Postern.Sasl;

/// <summary>The file with the certificates that users log in with: a line for each, name and fingerprint parted by a tab.</summary>
/// <remarks>Lines that begin with "#" and empty ones are passed over when read, and gone when written.</remarks>
public static class CertificateFile
{
    /// <summary>The largest file, in bytes; arbitrary: about 100,000 certificates.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>The file's name; "postern user certificate" puts a new one in its place.</summary>
    public static ReadOnlySpan<byte> FileName => "certificates"u8;

    private static ReadOnlySpan<byte> Heading => "# Written by \"postern user certificate\": name, SHA-256 of the certificate.\n"u8;

    /// <summary>Reads a file.</summary>
    /// <param name="text">All of it.</param>
    /// <param name="certificates">The certificates, in the order of the file.</param>
    /// <param name="fault">Where and why it can not be read.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, [NotNullWhen(true)] out IReadOnlyList<UserCertificate>? certificates, out AccountFault? fault)
    {
        (certificates, fault) = (null, null);
        var found = new List<UserCertificate>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int number = 1; !text.IsEmpty; number++)
        {
            int end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (line.IsEmpty || line[0] == '#') continue;
            int tab = line.IndexOf((byte)'\t');
            string name = "";
            string? reason = tab < 0 || !AccountName.TryParse(line[..tab], out name) ? "not a name and a tab"
                : !CertificateFingerprint.IsOne(line[(tab + 1)..]) ? "not a fingerprint"
                // It would log in as the one or the other, who knows.
                : !seen.Add(Encoding.ASCII.GetString(line[(tab + 1)..])) ? "a certificate that is somebody's already"
                : null;
            if (reason is not null)
            {
                fault = new AccountFault(number, reason);
                return false;
            }
            found.Add(new UserCertificate(name, Encoding.ASCII.GetString(line[(tab + 1)..])));
        }
        certificates = found;
        return true;
    }

    /// <summary>Writes a file.</summary>
    public static byte[] Write(IEnumerable<UserCertificate> certificates)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        var text = new StringBuilder();
        foreach (var (name, fingerprint) in certificates) text.Append(name).Append('\t').Append(fingerprint).Append('\n');
        return [.. Heading, .. Encoding.UTF8.GetBytes(text.ToString())];
    }
}

/// <summary>A certificate that somebody logs in with.</summary>
/// <param name="Name">Who, as <see cref="AccountName"/> reads names.</param>
/// <param name="Fingerprint">Its <see cref="CertificateFingerprint"/>.</param>
public sealed record UserCertificate(string Name, string Fingerprint)
{
    private const int ShownDigits = 16;

    /// <summary>What the record says of a login by it.</summary>
    public string Label => $"certificate {Fingerprint[..ShownDigits]}";
}
