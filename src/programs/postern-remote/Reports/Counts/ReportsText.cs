using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Postern.Remote.Reports.Counts;

/// <summary>The sessions of today and the reports that are owed, as the text of one file, so that a new start forgets none.</summary>
/// <remarks>
/// The first line names the format. The others have fields parted by tabs: a word, and what it says. "day" comes first; "domain" and
/// "report" begin a domain of today or a report that is owed; "done", "policy", "line", "host" and "failure" go on with what was begun. The
/// last is a checksum (CRC-32C) of all before it. The text is read whole or not at all: half of the counts would be a report that is wrong.
/// </remarks>
internal static class ReportsText
{
    /// <summary>The longest text, in bytes. Arbitrary: what a full book may take, with room for numbers.</summary>
    internal const int MaxLength = 4 * ReportBook.MaxOctets;

    private const string DayForm = "yyyy-MM-dd";

    private static ReadOnlySpan<byte> Heading => "postern-tls-reports 1\n"u8;

    private static ReadOnlySpan<byte> End => "end\t"u8;

    /// <summary>Writes a book.</summary>
    internal static byte[] Write(ReportBook book)
    {
        var text = new StringBuilder(Encoding.ASCII.GetString(Heading));
        Line(text, "day", Day(book.Day), Number(book.Uncounted));
        foreach (var (domain, counts) in book.Domains)
        {
            Line(text, "domain", domain);
            Write(text, counts);
        }

        foreach (var report in book.Pending)
        {
            Line(text, "report", report.Domain, Day(report.Day), Number(report.Due.ToUnixTimeSeconds()), Number(report.Tries));
            foreach (var address in report.Done)
            {
                Line(text, "done", address);
            }

            Write(text, report.Counts);
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        return [.. bytes, .. End, .. SumOf(bytes)];
    }

    /// <summary>Reads what <see cref="Write(ReportBook)"/> wrote.</summary>
    /// <param name="text">All of it.</param>
    /// <param name="book">The book.</param>
    /// <returns>False for anything else.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> text, [NotNullWhen(true)] out ReportBook? book)
    {
        book = null;
        var end = text.LastIndexOf(End);
        if (text.Length > MaxLength || !text.StartsWith(Heading) || end < 0 || !text[(end + End.Length)..].SequenceEqual(SumOf(text[..end])))
        {
            return false;
        }

        var reading = new BookReading();
        foreach (var line in Encoding.UTF8.GetString(text[Heading.Length..end]).TrimEnd('\n').Split('\n'))
        {
            if (!reading.Take(line.Split('\t')))
            {
                return false;
            }
        }

        // What was written is the only way to say it: so nothing that was read means anything else.
        book = reading.HasDay && reading.Finish() && Write(reading.Book).AsSpan().SequenceEqual(text) ? reading.Book : null;
        return book is not null;
    }

    /// <summary>A number that is written in its only form, of twelve digits at most; null for anything else.</summary>
    /// <remarks>More sessions than a server has in all its time; and of so many as have room in the longest text, some two million, the sum is a number, too.</remarks>
    internal static long? Number(string text) =>
        text.Length <= 12 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A day before the year 9999, after which there are others; null for anything else.</summary>
    internal static DateOnly? DayOf(string text) =>
        DateOnly.TryParseExact(text, DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year < 9999 ? day : null;

    /// <summary>The checksum of bytes, as it is written.</summary>
    internal static byte[] SumOf(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var value in bytes)
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        return Encoding.ASCII.GetBytes($"{~sum:x8}\n");
    }

    private static void Write(StringBuilder text, DomainCounts counts)
    {
        foreach (var policy in counts.Policies)
        {
            Line(text, "policy", ReportWords.Of(policy.Policy.Type), Number(policy.Successes));
            foreach (var line in policy.Policy.Strings)
            {
                Line(text, "line", line);
            }

            foreach (var host in policy.Policy.Hosts)
            {
                Line(text, "host", host);
            }

            foreach (var (failure, sessions) in policy.Failures)
            {
                Line(text, "failure", ReportWords.Of(failure.Type), failure.Host, failure.Address, failure.Reason, Number(sessions));
            }
        }
    }

    private static void Line(StringBuilder text, params ReadOnlySpan<string> fields) => text.AppendJoin('\t', fields).Append('\n');

    private static string Day(DateOnly day) => day.ToString(DayForm, CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
