using Postern.Config.Values;
using Postern.Ipc.Slices;

namespace Postern.Config.Sections;

/// <summary>[tls] and [[certificate]]: whether TLS is on offer, and who the server can show that it is.</summary>
internal static class TlsSection
{
    /// <summary>Reads both.</summary>
    internal static TlsSettings Read(SectionReader root)
    {
        var section = root.Section("tls");
        return new TlsSettings(
            section.Flag("enabled", fallback: true),
            section.Flag("client_certificates", fallback: false),
            section.Flag("acme", fallback: false),
            Certificates(root));
    }

    private static List<CertificateFiles> Certificates(SectionReader root)
    {
        var sections = root.Sections("certificate") ?? [];
        if (sections.Count > SliceLimits.MaxCertificates)
        {
            root.Errors.Add(root.PlaceOf("certificate"), $"there may be {SliceLimits.MaxCertificates} certificates at most");
        }

        var certificates = new List<CertificateFiles>();
        foreach (var section in sections)
        {
            if (!section.Has("chain"))
            {
                section.Errors.Add(section.Place, "chain is missing in [[certificate]]: the file with the server's certificate and those that vouch for it");
            }

            // The key may stand in the same file.
            if (PathWithFolder(section, "chain") is { } chain)
            {
                certificates.Add(new CertificateFiles(chain, PathWithFolder(section, "key") ?? chain));
            }
        }

        return certificates;
    }

    /// <summary>Takes a file's path; null when there is none or it is wrong.</summary>
    internal static string? PathOf(SectionReader section, string key)
    {
        if (section.Text(key) is not { } text)
        {
            return null;
        }

        if (PathText.Fault(text.Text, SliceLimits.MaxFile) is not { } fault)
        {
            return text.Text;
        }

        section.Errors.Add(text.Place, $"{key} {fault}");
        return null;
    }

    /// <summary>The same of a file whose program may read its folder, for the file that takes its place: not the root folder, which holds all others.</summary>
    internal static string? PathWithFolder(SectionReader section, string key)
    {
        var path = PathOf(section, key);
        if (path?.LastIndexOf('/') != 0)
        {
            return path;
        }

        section.Errors.Add(section.PlaceOf(key), $"{key} must not lie in \"/\" itself: who reads it may read all that is in its folder");
        return null;
    }
}
