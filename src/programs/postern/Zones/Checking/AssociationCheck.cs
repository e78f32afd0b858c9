using System.Security.Cryptography;
using Postern.Dns.Wire;

namespace Postern.CommandLine.Zones.Checking;

/// <summary>The TLSA records: senders that heed DANE (RFC 7672) deliver only to a server that shows what they say.</summary>
internal sealed class AssociationCheck(ZoneFacts facts, Lookups lookups)
{
    /// <summary>Looks them up, also where there should be none: a wrong one stops mail, which a missing one does not.</summary>
    internal async Task<IReadOnlyList<Finding>> RunAsync()
    {
        var about = new Finding("dane", $"_25._tcp.{facts.HostName}", "TLSA")
        {
            Wanted = [.. (facts.CanPromiseTls ? facts.Certificates : []).Select(WantedZone.Association).Distinct()],
        };
        var (finding, records) = await lookups.AskAsync(about, DnsType.Tlsa);
        return finding.Verdict == Verdict.Unjudged ? [Judge(finding, [.. records.OfType<CertificateAssociationRecord>()])]
            : facts.CanPromiseTls || finding.Verdict != Verdict.Missing ? [finding] : [];
    }

    /// <summary>Whether a record speaks of this certificate, or of one that vouches for it (RFC 7672 §3.1).</summary>
    internal static bool Matches(CertificateAssociationRecord record, ServedCertificate certificate) => record.Usage switch
    {
        // DANE-TA: an authority that the server sends along.
        2 => certificate.Chain.Skip(1).Any(authority => Matches(record, authority)),
        3 => Matches(record, certificate.Own),
        _ => false,
    };

    private Finding Judge(Finding finding, CertificateAssociationRecord[] records)
    {
        CertificateAssociationRecord[] usable = [.. records.Where(IsUsable)];
        if (usable.Length == 0)
        {
            // RFC 7672 §2.2: then a sender insists on TLS, with whatever certificate.
            return facts.OffersTls ? finding.As(Verdict.Different, "none that senders of mail can use (RFC 7672 section 3.1)")
                : finding.As(Verdict.Different, "senders insist on TLS, and the server has none: they do not deliver");
        }

        if (!facts.CanPromiseTls)
        {
            return finding.As(Verdict.Different, facts.OffersTls
                ? "no configured certificate matches: senders that heed DANE do not deliver"
                : "senders insist on TLS, and the server has none: they do not deliver");
        }

        string[] unmatched = [.. facts.Certificates.Where(one => !Array.Exists(usable, record => Matches(record, one))).Select(one => one.File)];
        var surplus = usable.Count(record => !facts.Certificates.Any(one => Matches(record, one)));
        return unmatched.Length == facts.Certificates.Count ? finding.As(Verdict.Different, "no configured certificate matches: senders that heed DANE do not deliver")
            : unmatched.Length > 0 ? finding.As(Verdict.Different, $"{string.Join(", ", unmatched)} matches none: senders that are shown it do not deliver")
            : finding.As(Verdict.Right, surplus > 0 ? "one or more match no configured certificate, as is right only while a key changes" : "");
    }

    private static bool IsUsable(CertificateAssociationRecord record) =>
        record is { Usage: 2 or 3, Selector: 0 or 1 } && record.MatchingType switch
        {
            0 => true,
            1 => record.Association.Length == SHA256.HashSizeInBytes,
            2 => record.Association.Length == SHA512.HashSizeInBytes,
            _ => false,
        };

    private static bool Matches(CertificateAssociationRecord record, CertificateBytes certificate)
    {
        var subject = record.Selector == 0 ? certificate.Whole : certificate.Key;
        return record.Association.AsSpan().SequenceEqual(record.MatchingType switch
        {
            0 => subject,
            1 => SHA256.HashData(subject),
            _ => SHA512.HashData(subject),
        });
    }
}
