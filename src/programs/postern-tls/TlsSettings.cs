using Postern.Ipc.Slices;

namespace Postern.Keyholder;

/// <summary>The configuration in force.</summary>
/// <param name="HostName">The name of this server.</param>
/// <param name="AsksForCertificate">True when those who submit mail are asked for a certificate.</param>
/// <param name="Files">Where certificates and keys are, the default one first; none when the server is to make its own.</param>
/// <param name="Issuance">What an authority is to be asked for; null for nothing.</param>
internal sealed record TlsSettings(string HostName, bool AsksForCertificate, IReadOnlyList<CertificateSlice> Files, IssuanceSlice? Issuance = null)
{
    /// <summary>Reads a slice; null when it is not one of ours.</summary>
    internal static TlsSettings? Read(ReadOnlySpan<byte> slice)
    {
        var frames = new SliceReader(slice);
        if (!frames.TryNext(out var type, out var first) || type != TlsSlice.Type || !TlsSlice.TryRead(ref first, out var head))
        {
            return null;
        }

        var files = new List<CertificateSlice>();
        IssuanceSlice? issuance = null;
        while (frames.TryNext(out type, out var reader))
        {
            if (type == IssuanceSlice.Type && issuance is null && IssuanceSlice.TryRead(ref reader, out var wanted))
            {
                issuance = wanted;
                continue;
            }

            if (type != CertificateSlice.Type || files.Count == SliceLimits.MaxCertificates || !CertificateSlice.TryRead(ref reader, out var file))
            {
                return null;
            }

            files.Add(file);
        }

        return frames.AtEnd ? new TlsSettings(head.HostName, head.AsksForCertificate, files, issuance) : null;
    }
}
