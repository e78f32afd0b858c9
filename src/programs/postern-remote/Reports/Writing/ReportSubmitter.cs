using System.Globalization;
using Postern.Mail;
using Postern.Remote.Reports.Counts;

namespace Postern.Remote.Reports.Writing;

/// <summary>Who sends reports, as they say it.</summary>
/// <param name="HostName">The name of this server.</param>
/// <param name="Organization">Whose server it is.</param>
/// <param name="Contact">Where somebody answers who can be asked about reports.</param>
/// <param name="From">The sender of those that go by mail.</param>
internal sealed record ReportSubmitter(string HostName, string Organization, string Contact, Mailbox From);

/// <summary>What a report is called, and the time that it is about.</summary>
internal readonly record struct ReportTitle
{
    // FNV-1a with 64 bits: spreads, and is no secret.
    private const ulong HashStart = 14695981039346656037;
    private const ulong HashFactor = 1099511628211;

    internal ReportTitle(ReportSubmitter submitter, PendingReport report)
    {
        Domain = report.Domain;
        Submitter = submitter.HostName;
        Begin = new DateTimeOffset(report.Day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        End = Begin.AddDays(1).AddSeconds(-1);
        Unique = Hash($"{Submitter}!{Domain}!{Begin.ToUnixTimeSeconds()}").ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>The domain that it is about.</summary>
    internal string Domain { get; }

    /// <summary>The server that sends it.</summary>
    internal string Submitter { get; }

    /// <summary>Its first second.</summary>
    internal DateTimeOffset Begin { get; }

    /// <summary>Its last second.</summary>
    internal DateTimeOffset End { get; }

    /// <summary>Letters and digits that no other report has: the same whenever it is sent again, so that who gets it twice can tell.</summary>
    internal string Unique { get; }

    /// <summary>Names it (RFC 8460 §4.4, report-id).</summary>
    internal string Id => $"{Begin.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.{Unique}@{Submitter}";

    /// <summary>The name of its file (RFC 8460 §5.1).</summary>
    internal string FileName => string.Create(
        CultureInfo.InvariantCulture, $"{Submitter}!{Domain}!{Begin.ToUnixTimeSeconds()}!{End.ToUnixTimeSeconds()}!{Unique}.json.gz");

    /// <summary>A number for a text, spread evenly.</summary>
    internal static ulong Hash(string text)
    {
        var hash = HashStart;
        foreach (var sign in text)
        {
            hash = unchecked((hash ^ sign) * HashFactor);
        }

        return hash;
    }
}
