using Postern.Keyholder.Issuance;
using Postern.Tls.Certificates;
using Postern.Tls.Sessions;

namespace Postern.Keyholder.Certificates;

/// <summary>The certificates of this server as they were read once: who it can say that it is.</summary>
internal sealed class IdentitySet : IDisposable
{
    private readonly List<TlsCertificate> _owned = [];

    private IdentitySet()
    {
    }

    /// <summary>The identities, the default one first.</summary>
    internal List<TlsIdentity> Identities { get; } = [];

    /// <summary>True when nobody vouches for it: there are no files to read.</summary>
    internal bool IsSelfSigned { get; private init; }

    /// <summary>Reads all files, or makes a certificate where none is named.</summary>
    /// <param name="settings">Which.</param>
    /// <param name="now">The time.</param>
    /// <param name="problem">What is wrong, for the administrator.</param>
    /// <returns>Null when any is wrong.</returns>
    internal static IdentitySet? Read(TlsSettings settings, DateTimeOffset now, out string problem)
    {
        var files = FilesOf(settings);
        var set = new IdentitySet { IsSelfSigned = files.Count == 0 };
        problem = string.Empty;
        if (set.IsSelfSigned)
        {
            set.Add(SelfSigned.Make(settings.HostName, now));
            return set;
        }

        foreach (var (chain, key) in files)
        {
            if (!CertificateFile.TryRead(chain, key, out var certificate, out problem))
            {
                set.Dispose();
                return null;
            }

            set.Add(certificate);
        }

        return set;
    }

    /// <summary>What is wrong with the times of the certificates.</summary>
    internal IEnumerable<string> Doubts(DateTimeOffset now) => _owned.Select(certificate => certificate.DoubtAt(now)).OfType<string>();

    /// <summary>True when it has the same certificates in the same order.</summary>
    internal bool IsSameAs(IdentitySet other) =>
        (IsSelfSigned && other.IsSelfSigned) || Each().SequenceEqual(other.Each());

    /// <summary>Its certificates, for the log: by the beginning of the digest that tools show, and the end of their time.</summary>
    internal IEnumerable<(string Fingerprint, DateTimeOffset Until)> Each() =>
        _owned.Select(each => (Convert.ToHexString(each.Fingerprint), each.ValidUntil));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var certificate in _owned)
        {
            certificate.Dispose();
        }
    }

    // What an authority made comes after what the administrator chose.
    private static List<(string Chain, string Key)> FilesOf(TlsSettings settings)
    {
        var files = settings.Files.Select(file => (file.Chain, file.Key)).ToList();
        if (settings.Issuance is { } issuance && new IssuanceFolder(issuance.Folder) is { HasCertificate: true } folder)
        {
            files.Add((folder.Certificate, folder.Certificate));
        }

        return files;
    }

    /// <summary>A certificate for the same names with a key of the other kind becomes the second one of an identity.</summary>
    private void Add(TlsCertificate certificate)
    {
        _owned.Add(certificate);
        var twin = Identities.FindIndex(other => other.Second is null && other.First.IsRsa != certificate.IsRsa && other.First.HasNamesOf(certificate));
        if (twin >= 0)
        {
            Identities[twin] = Identities[twin] with { Second = certificate };
        }
        else
        {
            Identities.Add(new TlsIdentity(certificate));
        }
    }
}
