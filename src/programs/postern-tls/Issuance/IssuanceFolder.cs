using System.Security.Cryptography;
using Postern.Posix.Files;
using Postern.Tls.Keys;

namespace Postern.Keyholder.Issuance;

/// <summary>What is kept of a certificate authority's work: the account's key, and the certificate with its key in one file.</summary>
/// <param name="path">The folder.</param>
internal sealed class IssuanceFolder(string path)
{
    private static ReadOnlySpan<byte> AccountName => "account.pem"u8;

    private static ReadOnlySpan<byte> CertificateName => "certificate.pem"u8;

    /// <summary>Where the certificate is.</summary>
    internal string Certificate { get; } = Path.Join(path, "certificate.pem");

    /// <summary>True when there is one.</summary>
    internal bool HasCertificate => File.Exists(Certificate);

    /// <summary>The key of the account; made when there is none, and only then: the account is lost with it.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Null, or what is wrong.</returns>
    internal string? FindAccount(out SigningKey? key)
    {
        var place = Path.Join(path, "account.pem");
        key = null;
        if (File.Exists(place))
        {
            return SigningKey.TryRead(place, out key, out var problem) ? null : problem;
        }

        key = SigningKey.Make();
        var text = key.ToPem();
        var written = Write(AccountName, text);
        CryptographicOperations.ZeroMemory(text);
        return written.Ok ? null : $"{place} can't be written: {written}";
    }

    /// <summary>The key of the last certificate; null when there is none that can be used.</summary>
    internal SigningKey? FindKey() => HasCertificate && SigningKey.TryRead(Certificate, out var key, out _) ? key : null;

    /// <summary>Puts a certificate in the place of the last one.</summary>
    /// <param name="key">Its key, as PEM.</param>
    /// <param name="chain">The certificate and those that vouch for it, as PEM.</param>
    /// <returns>Null, or what is wrong.</returns>
    internal string? Keep(ReadOnlySpan<byte> key, ReadOnlySpan<byte> chain)
    {
        var text = GC.AllocateUninitializedArray<byte>(key.Length + chain.Length, pinned: true);
        key.CopyTo(text);
        chain.CopyTo(text.AsSpan(key.Length));
        var written = Write(CertificateName, text);
        CryptographicOperations.ZeroMemory(text);
        return written.Ok ? null : $"{Certificate} can't be written: {written}";
    }

    private FileResult Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        var opened = DirectoryHandle.Open(path, out var folder);
        if (!opened.Ok)
        {
            return opened;
        }

        using (folder)
        {
            return WholeFile.Replace(folder!, name, bytes);
        }
    }
}
