using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Postern.Remote.Reports.Counts;

namespace Postern.Remote.Reports.Writing;

/// <summary>A report as its reader gets it: JSON (RFC 8460 §4.4), compressed (§5.2).</summary>
internal static class ReportBody
{
    /// <summary>Writes it compressed.</summary>
    internal static byte[] Compress(byte[] json)
    {
        using var output = new MemoryStream();
        using (var packer = new GZipStream(output, CompressionLevel.Optimal))
        {
            packer.Write(json);
        }

        return output.ToArray();
    }

    /// <summary>Writes it.</summary>
    internal static byte[] Write(ReportSubmitter submitter, ReportTitle title, DomainCounts counts)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("organization-name", submitter.Organization);
            json.WriteStartObject("date-range");
            json.WriteString("start-datetime", Time(title.Begin));
            json.WriteString("end-datetime", Time(title.End));
            json.WriteEndObject();
            json.WriteString("contact-info", submitter.Contact);
            json.WriteString("report-id", title.Id);
            json.WriteStartArray("policies");
            foreach (var policy in counts.Policies)
            {
                Write(json, title.Domain, policy);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void Write(Utf8JsonWriter json, string domain, PolicyCounts counts)
    {
        json.WriteStartObject();
        json.WriteStartObject("policy");
        json.WriteString("policy-type", ReportWords.Of(counts.Policy.Type));
        Write(json, "policy-string", counts.Policy.Strings);
        json.WriteString("policy-domain", domain);
        Write(json, "mx-host", counts.Policy.Hosts);
        json.WriteEndObject();
        json.WriteStartObject("summary");
        json.WriteNumber("total-successful-session-count", counts.Successes);
        json.WriteNumber("total-failure-session-count", counts.Failed);
        json.WriteEndObject();
        if (counts.Failures.Count > 0)
        {
            json.WriteStartArray("failure-details");
            foreach (var (failure, sessions) in counts.Failures)
            {
                Write(json, failure, sessions);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, SessionFailure failure, long sessions)
    {
        json.WriteStartObject();
        json.WriteString("result-type", ReportWords.Of(failure.Type));
        WriteIf(json, "receiving-mx-hostname", failure.Host);
        WriteIf(json, "receiving-ip", failure.Address);
        json.WriteNumber("failed-session-count", sessions);
        WriteIf(json, "failure-reason-code", failure.Reason);
        json.WriteEndObject();
    }

    private static void WriteIf(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(name, value);
        }
    }
}
