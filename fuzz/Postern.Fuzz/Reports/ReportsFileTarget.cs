using System.Globalization;
using System.Text;
using System.Text.Json;
using Postern.Fuzz.Oracles;
using Postern.Mail;
using Postern.Remote.Reports.Counts;
using Postern.Remote.Reports.Writing;

namespace Postern.Fuzz.Reports;

/// <summary>The file of counts and reports that are owed: its lines with the right checksum behind them, and the reports that come of it.</summary>
internal static class ReportsFileTarget
{
    internal static void Run(ReadOnlySpan<byte> input)
    {
        _ = ReportsText.TryRead(input, out _);
        byte[] text = [.. "postern-tls-reports 1\n"u8, .. input];
        byte[] whole = [.. text, .. "end\t"u8, .. ReportsText.SumOf(text)];
        if (!ReportsText.TryRead(whole, out var book)) return;
        Demand.Same(whole, ReportsText.Write(book), "there and back");
        string[][] lines = [.. Encoding.UTF8.GetString(input).Split('\n').Select(line => line.Split('\t'))];
        Demand.Equal(lines.Count(line => line[0] == "domain"), book.Domains.Count, "domains");
        Demand.Equal(lines.Count(line => line[0] == "report"), book.Pending.Count, "reports");
        PolicyCounts[] policies = [.. book.Domains.Values.Concat(book.Pending.Select(report => report.Counts)).SelectMany(counts => counts.Policies)];
        Demand.Equal(Sum(lines, "policy", 2), policies.Sum(policy => policy.Successes), "sessions that went well");
        Demand.Equal(Sum(lines, "failure", 5), policies.Sum(policy => policy.Failed), "sessions that failed");
        foreach (var report in book.Pending) Judge(report);
    }

    private static void Judge(PendingReport report)
    {
        Demand.That(Mailbox.TryParse("a@mx.test", out var from), "an address");
        var submitter = new ReportSubmitter("mx.test", "mx.test", "a@mx.test", from!);
        if (report.Day >= DateOnly.MaxValue.AddDays(-1)) return;
        using var json = JsonDocument.Parse(ReportBody.Write(submitter, new ReportTitle(submitter, report), report.Counts));
        Demand.Equal(report.Counts.Policies.Count, json.RootElement.GetProperty("policies").GetArrayLength(), "policies of the report");
    }

    private static long Sum(string[][] lines, string word, int field) =>
        lines.Where(line => line[0] == word).Sum(line => long.Parse(line[field], CultureInfo.InvariantCulture));
}
