using Postern.Dns.Records;
using Postern.Dns.Wire;
using Postern.Text;

namespace Postern.CommandLine.Zones.Checking;

/// <summary>The addresses of the server, and their way back to its name.</summary>
internal sealed class AddressCheck(ZoneFacts facts, Lookups lookups)
{
    /// <summary>A and AAAA, and a PTR for each address that they hold.</summary>
    internal async Task<IReadOnlyList<Finding>> RunAsync()
    {
        var v4 = lookups.AskAsync(new Finding("address", facts.HostName, "A"), DnsType.A);
        var v6 = lookups.AskAsync(new Finding("address", facts.HostName, "AAAA"), DnsType.Aaaa);
        var (a, aRecords) = await v4;
        var (aaaa, aaaaRecords) = await v6;
        List<Finding> findings = [Judge(a, aRecords, isV4: true), Judge(aaaa, aaaaRecords, isV4: false)];
        if (findings.TrueForAll(finding => finding is { Verdict: Verdict.Missing, IsRequired: false }))
        {
            // Either kind would do.
            findings = [findings[0] with { IsRequired = true, Remark = "the server has no address" }];
        }

        // The kind that nobody wants and that is not there is no news.
        findings.RemoveAll(finding => finding is { Verdict: Verdict.Missing, IsRequired: false });
        var back = Addresses(aRecords).Concat(Addresses(aaaaRecords)).Select(PointerAsync).ToArray();
        return [.. findings, .. await Task.WhenAll(back)];
    }

    /// <summary>The addresses in a set.</summary>
    internal static IEnumerable<IpAddress> Addresses(IEnumerable<DnsRecord> records) => records.OfType<AddressRecord>().Select(record => record.Address).Distinct();

    private Finding Judge(Finding finding, IReadOnlyList<DnsRecord> records, bool isV4)
    {
        IpAddress[] wanted = [.. facts.Addresses.Where(address => address.IsIPv4 == isV4)];
        IpAddress[] there = [.. Addresses(records)];
        finding = finding with { IsRequired = wanted.Length > 0 || finding.Verdict != Verdict.Missing, Wanted = [.. wanted.Select(address => address.ToString())] };
        if (finding.Verdict != Verdict.Unjudged)
        {
            return finding;
        }

        if (finding.Remark.Length > 0)
        {
            return finding.As(Verdict.Different, $"{finding.Remark}: an MX must not lead to one (RFC 2181 section 10.3)");
        }

        var hidden = there.Where(address => !address.IsPublic).ToArray();
        var surplus = facts.HasOtherAddresses || facts.Addresses.Count == 0 ? [] : there.Except(wanted).ToArray();
        var lacking = wanted.Except(there).ToArray();
        return hidden.Length > 0 ? finding.As(Verdict.Different, $"{List(hidden)}: not reachable from outside")
            : surplus.Length > 0 ? finding.As(Verdict.Different, $"{List(surplus)}: the server does not listen there")
            : lacking.Length > 0 ? finding.As(Verdict.Different, $"without {List(lacking)}, where the server listens")
            : finding.As(Verdict.Right);
    }

    private async Task<Finding> PointerAsync(IpAddress address)
    {
        var about = new Finding("reverse", ReverseName.Of(address).ToString(), "PTR") { IsRequired = true, Wanted = [$"{facts.HostName}."] };
        var (finding, records) = await lookups.AskAsync(about, DnsType.Ptr);
        return finding.Verdict != Verdict.Unjudged ? finding
            : records.OfType<PointerRecord>().Any(record => Lookups.Is(record.Target, facts.HostName)) ? finding.As(Verdict.Right)
            : finding.As(Verdict.Different, $"{address} has another name than the server");
    }

    private static string List(IEnumerable<IpAddress> addresses) => string.Join(", ", addresses);
}
