using System.Text;
using Postern.Dns.Wire;
using Postern.Text;

namespace Postern.CommandLine.Zones.Checking;

/// <summary>The records that are texts: SPF, DMARC, MTA-STS and TLS-RPT.</summary>
internal sealed class TextCheck(ZoneFacts facts, StsPolicy policy, Lookups lookups)
{
    // RFC 8461 §3.1: 1*32 letters and digits.
    private const int MaxId = 32;

    /// <summary>SPF: one record, by which the server may send.</summary>
    internal async Task<IReadOnlyList<Finding>> SenderAsync()
    {
        var asked = lookups.AskAsync(new Finding("spf", facts.Domain, "TXT") { IsRequired = true, Wanted = ["\"v=spf1 mx -all\""] }, DnsType.Txt);
        var v4 = lookups.AskAsync(new Finding("", facts.HostName, "A"), DnsType.A);
        var v6 = lookups.AskAsync(new Finding("", facts.HostName, "AAAA"), DnsType.Aaaa);
        var (finding, records) = await asked;
        IpAddress[] addresses = [.. AddressCheck.Addresses((await v4).Records).Concat(AddressCheck.Addresses((await v6).Records))];
        if (finding.Verdict != Verdict.Unjudged)
        {
            return [finding];
        }

        // Other texts of the domain are other people's proofs and keys.
        byte[][] policies = [.. Texts(records).Where(text => SenderPolicy.IsOne(text))];
        finding = finding with { There = [.. records.OfType<TextRecord>().Where(record => SenderPolicy.IsOne(record.Text)).Select(Lookups.Data)] };
        return [policies.Length switch
        {
            0 => finding.As(Verdict.Missing),
            1 => Judge(finding, policies[0], addresses),
            _ => finding.As(Verdict.Different, "more than one: receivers heed none (RFC 7208 section 4.5)"),
        }];
    }

    /// <summary>DMARC: one record with a policy.</summary>
    internal async Task<IReadOnlyList<Finding>> AlignmentAsync()
    {
        var name = $"_dmarc.{facts.Domain}";
        var about = new Finding("dmarc", name, "TXT") { Wanted = [WantedZone.Quoted($"v=DMARC1; p=none; rua=mailto:postmaster@{facts.Domain}")] };
        var (finding, tags) = await OneAsync(about, "v=DMARC1"u8.ToArray());
        return [tags is null ? finding : tags["p"]?.ToLowerInvariant() switch
        {
            "none" => finding.As(Verdict.Right),
            "quarantine" or "reject" => finding.As(Verdict.Right, "Postern does not sign mail: what is forwarded or goes through lists will be refused or put aside"),
            _ => finding.As(Verdict.Different, "p is not none, quarantine or reject"),
        }];
    }

    /// <summary>MTA-STS: a well-formed record, and a host for the policy when there is one.</summary>
    internal async Task<IReadOnlyList<Finding>> StsAsync()
    {
        var about = new Finding("mta-sts", $"_mta-sts.{facts.Domain}", "TXT");
        var (finding, tags) = await OneAsync(
            facts.CanPromiseTls ? about with { Wanted = [WantedZone.Quoted($"v=STSv1; id={policy.Id};")] } : about, "v=STSv1"u8.ToArray());
        if (finding.Verdict == Verdict.Missing)
        {
            return facts.CanPromiseTls ? [finding] : [];
        }

        return tags is null ? [finding] : [Judge(finding, tags["id"]), .. await PolicyHostAsync()];
    }

    /// <summary>TLS-RPT: one record with an address for reports.</summary>
    internal async Task<IReadOnlyList<Finding>> ReportsAsync()
    {
        var about = new Finding("tls-rpt", $"_smtp._tls.{facts.Domain}", "TXT") { Wanted = [WantedZone.Quoted($"v=TLSRPTv1; rua=mailto:postmaster@{facts.Domain}")] };
        var (finding, tags) = await OneAsync(about, "v=TLSRPTv1"u8.ToArray());
        if (finding.Verdict == Verdict.Missing && !facts.OffersTls)
        {
            return [];
        }

        var targets = (tags?["rua"] ?? "").Split(',', StringSplitOptions.TrimEntries);
        return [tags is null ? finding
            : Array.TrueForAll(targets, one => one.StartsWith("mailto:", StringComparison.Ordinal) || one.StartsWith("https://", StringComparison.Ordinal))
                ? finding.As(Verdict.Right) : finding.As(Verdict.Different, "rua is not a list of mailto: and https: addresses")];
    }

    private Finding Judge(Finding finding, byte[] record, IpAddress[] addresses)
    {
        var spf = new SenderPolicy(facts.Domain, facts.HostName);
        foreach (var address in addresses.DefaultIfEmpty())
        {
            var outcome = spf.Judge(record, address);
            if (outcome != SenderOutcome.Pass)
            {
                var sender = addresses.Length == 0 ? facts.HostName : address.ToString();
                return outcome switch
                {
                    SenderOutcome.Fail => finding.As(Verdict.Different, $"does not let {sender} send"),
                    SenderOutcome.Everybody => finding.As(Verdict.Different, "lets everybody send"),
                    _ => finding.As(Verdict.Unjudged, $"whether {sender} may send depends on records that it refers to, which were not looked at"),
                };
            }
        }

        return finding.As(Verdict.Right);
    }

    private Finding Judge(Finding finding, string? id) =>
        id is null || id.Length > MaxId || !id.All(char.IsAsciiLetterOrDigit) ? finding.As(Verdict.Different, "the id is not 1 to 32 letters and digits")
        : !facts.CanPromiseTls ? finding.As(Verdict.Different, "senders are told to insist on a certificate, and the server has none that they can verify")
        : id == policy.Id || id == new StsPolicy(facts, isEnforced: true).Id || id == new StsPolicy(facts, isEnforced: false).Id ? finding.As(Verdict.Right)
        : finding.As(Verdict.Right, "the id is that of another policy than the one printed here; the policy itself was not fetched");

    // Where it is served is the administrator's affair; that it is somewhere follows from the record.
    private async Task<Finding[]> PolicyHostAsync()
    {
        var v4 = lookups.AskAsync(new Finding("mta-sts", policy.Host, "A") { IsRequired = true }, DnsType.A);
        var v6 = lookups.AskAsync(new Finding("mta-sts", policy.Host, "AAAA") { IsRequired = true }, DnsType.Aaaa);
        var (a, _) = await v4;
        var (aaaa, _) = await v6;
        var found = a.Verdict == Verdict.Unjudged ? a : aaaa.Verdict == Verdict.Unjudged ? aaaa : null;
        return [found?.As(Verdict.Right) ?? (a.Verdict == Verdict.Unanswered ? a : aaaa.Verdict == Verdict.Unanswered ? aaaa
            : a.As(Verdict.Missing, "no host from which the policy could be fetched"))];
    }

    // The one record of a version at a name of its own; null with a finding that is judged.
    private async Task<(Finding Finding, TagList? Tags)> OneAsync(Finding about, byte[] version)
    {
        var (finding, records) = await lookups.AskAsync(about, DnsType.Txt);
        if (finding.Verdict != Verdict.Unjudged)
        {
            return (finding, null);
        }

        byte[][] ours = [.. Texts(records).Where(text => TagList.IsOf(text, version))];
        return ours.Length switch
        {
            0 => (finding.As(Verdict.Different, $"does not begin with {Encoding.ASCII.GetString(version)}"), null),
            > 1 => (finding.As(Verdict.Different, "more than one: others heed none"), null),
            _ => TagList.TryRead(ours[0], version, out var tags) ? (finding, tags) : (finding.As(Verdict.Different, "not well-formed"), null),
        };
    }

    private static IEnumerable<byte[]> Texts(IEnumerable<DnsRecord> records) => records.OfType<TextRecord>().Select(record => record.Text);
}
