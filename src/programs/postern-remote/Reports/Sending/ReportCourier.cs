using System.Text;
using Postern.Dns.Resolving;
using Postern.Dns.Wire;
using Postern.Remote.Reports.Counts;
using Postern.Remote.Reports.Records;
using Postern.Remote.Reports.Writing;
using Postern.Role.Logging;

namespace Postern.Remote.Reports.Sending;

/// <summary>Tries once to send a report: to every address that its domain names and that does not have it yet.</summary>
/// <param name="names">Answers questions.</param>
/// <param name="mail">Sends by mail.</param>
/// <param name="web">Sends to web servers.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class ReportCourier(INameResolver names, IReportMail mail, IReportWeb web, TimeProvider time, EventLog log)
{
    /// <summary>Who sends them.</summary>
    internal required ReportSubmitter Submitter { get; init; }

    /// <summary>How many each host had today; the same over a reload.</summary>
    internal required ReportLimits Limits { get; init; }

    /// <summary>Tries it.</summary>
    /// <param name="report">The report.</param>
    /// <param name="isLast">True when it is not tried again.</param>
    /// <returns>True when some address may take it later; never when <paramref name="isLast"/>.</returns>
    internal async ValueTask<bool> CarryAsync(PendingReport report, bool isLast)
    {
        if (!DnsName.TryParse(Encoding.ASCII.GetBytes(report.Domain), out var domain)
            || !domain.TryPrepend("_tls"u8, out var parent) || !parent.TryPrepend("_smtp"u8, out var name))
        {
            return false; // Too long to exist.
        }

        var resolution = await names.ResolveAsync(new DnsQuestion(name, DnsType.Txt));
        if (resolution is Resolution.Unavailable)
        {
            return Note(report, string.Empty, new SendResult("no name server could tell where it goes", true), isLast);
        }

        if (resolution is not Resolution.Found found
            || !ReportRecord.TryParse([.. found.Records.OfType<TextRecord>().Select(record => record.Text)], out var addresses))
        {
            return false; // Nobody wants it.
        }

        var title = new ReportTitle(Submitter, report);
        var body = ReportBody.Compress(ReportBody.Write(Submitter, title, report.Counts));
        var mayPass = false;
        foreach (var address in addresses.Where(address => !report.Done.Contains(address.Text)))
        {
            mayPass |= Note(report, address.Text, await SendAsync(title, address, body), isLast);
        }

        return mayPass;
    }

    private async ValueTask<SendResult> SendAsync(ReportTitle title, ReportAddress address, byte[] body)
    {
        var now = time.GetUtcNow();
        return !Limits.AdmitOne(address.Host, now) ? new SendResult("so many reports went there today that no more will", false)
            : address is ReportAddress.Mail box
                ? await mail.SendAsync(Submitter.From, box.Address, ReportMessage.Write(Submitter, title, box.Address, now, body))
            : await web.PostAsync((ReportAddress.Web)address, body);
    }

    private bool Note(PendingReport report, string address, SendResult result, bool isLast)
    {
        var isOver = isLast || !result.MayPass;
        var line = result.Problem is null ? log.Info("tls-report-sent") : log.Warning("tls-report-failed");
        line = line.Quoted("domain", report.Domain).Quoted("to", address);
        if (result.Problem is not null)
        {
            line = line.Quoted("why", result.Problem).Word("again", isOver ? "no" : "yes");
        }

        line.Write();
        if (isOver && address.Length > 0)
        {
            report.Settle(address);
        }

        return !isOver;
    }
}

/// <summary>Limits how many reports a host gets in a day, whatever domains say that they want them there.</summary>
/// <remarks>
/// RFC 8460 has nobody ask whether he wants the reports of another domain: whoever has many domains could have all of them send
/// theirs to somebody who never asked.
/// </remarks>
internal sealed class ReportLimits
{
    /// <summary>Reports to one host or domain, and in one day, tries counted. Arbitrary.</summary>
    internal const int MaxReports = 200;

    private readonly Dictionary<string, int> _sent = new(StringComparer.Ordinal);
    private DateOnly _day;

    /// <summary>Takes one for a host; false when it had its share of today.</summary>
    internal bool AdmitOne(string host, DateTimeOffset now)
    {
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        if (day != _day)
        {
            _sent.Clear();
            _day = day;
        }

        var before = _sent.GetValueOrDefault(host);
        _sent[host] = Math.Min(before + 1, MaxReports);
        return before < MaxReports;
    }
}
