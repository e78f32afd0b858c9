using Postern.Dns.Records;
using Postern.Dns.Wire;

namespace Postern.CommandLine.Zones.Checking;

/// <summary>Where mail for the domain goes, and where its users hand mail in.</summary>
internal sealed class ServiceCheck(ZoneFacts facts, Lookups lookups)
{
    /// <summary>The MX record.</summary>
    internal async Task<IReadOnlyList<Finding>> ExchangerAsync()
    {
        var about = new Finding("exchanger", facts.Domain, "MX") { IsRequired = true, Wanted = [$"10 {facts.HostName}."] };
        var (finding, records) = await lookups.AskAsync(about, DnsType.Mx);
        if (finding.Verdict != Verdict.Unjudged)
        {
            return [finding];
        }

        ExchangerRecord[] all = [.. records.OfType<ExchangerRecord>()];
        ExchangerRecord[] ours = [.. all.Where(record => Lookups.Is(record.Exchanger, facts.HostName))];
        if (ours.Length == 0)
        {
            return [finding.As(Verdict.Different, all.Any(record => record.Exchanger.IsRoot)
                ? "says that the domain takes no mail (RFC 7505)" : $"none leads to {facts.HostName}")];
        }

        var best = ours.Min(record => record.Preference);
        string[] before = [.. all.Where(record => record.Preference < best).Select(record => record.Exchanger.ToString())];
        return [finding.As(Verdict.Right, before.Length > 0 ? $"{string.Join(", ", before)} is tried first" : "")];
    }

    /// <summary>An SRV record per port for submission.</summary>
    internal async Task<IReadOnlyList<Finding>> SubmissionAsync() =>
        await Task.WhenAll(facts.Submission.GroupBy(port => port.Service).Select(ports => ServiceAsync(ports.Key, [.. ports.Select(port => port.Port)])));

    private async Task<Finding> ServiceAsync(string service, ushort[] ports)
    {
        var about = new Finding("submission", $"_{service}._tcp.{facts.Domain}", "SRV") { Wanted = [.. ports.Select(port => $"0 1 {port} {facts.HostName}.")] };
        var (finding, records) = await lookups.AskAsync(about, DnsType.Srv);
        return finding.Verdict != Verdict.Unjudged ? finding
            : records.OfType<ServiceRecord>().Any(record => Lookups.Is(record.Target, facts.HostName) && ports.Contains(record.Port)) ? finding.As(Verdict.Right)
            : finding.As(Verdict.Different, "leads to no port where the server takes mail from users");
    }
}
