using Postern.Posix.Files;
using Postern.Role.Logging;
using Postern.Sasl;

namespace Postern.Auth.Store;

/// <summary>Whose certificates are whose, as it stands in their file.</summary>
/// <param name="folder">The folder.</param>
/// <param name="log">The log.</param>
internal sealed class CertificateStore(DirectoryHandle folder, EventLog log)
{
    private readonly WatchedFile<Dictionary<string, UserCertificate>> _file = new(folder, CertificateFile.FileName.ToArray(), CertificateFile.MaxLength)
    {
        WhenMissing = () => [],
        Read = Read,
        Taken = certificates => log.Info("certificates-read").Number("certificates", certificates.Count).Write(),
        Refused = (reason, stay) => log.Error("certificates-unreadable").Quoted("reason", reason).Word("stay", stay ? "the-old" : "none").Write(),
    };

    /// <summary>True unless they can't be read, and never could.</summary>
    internal bool CanBeRead => _file.Current is not null;

    /// <summary>Whom a certificate belongs to; null for nobody.</summary>
    /// <param name="fingerprint">The SHA-256 of the certificate.</param>
    internal UserCertificate? Find(ReadOnlySpan<byte> fingerprint) => _file.Current?.GetValueOrDefault(Convert.ToHexStringLower(fingerprint));

    private static Dictionary<string, UserCertificate>? Read(ReadOnlySpan<byte> text, out string? reason)
    {
        var isGood = CertificateFile.TryRead(text, out var certificates, out var fault);
        reason = isGood ? null : $"line {fault!.Line}: {fault.Reason}";
        return isGood ? certificates!.ToDictionary(one => one.Fingerprint, StringComparer.Ordinal) : null;
    }
}
