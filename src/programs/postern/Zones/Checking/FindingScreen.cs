using System.Text.Json;
using Postern.CommandLine.Output;

namespace Postern.CommandLine.Zones.Checking;

/// <summary>Shows findings: a table, and below it what is wrong or worth knowing; or JSON.</summary>
/// <param name="screen">Where to.</param>
/// <param name="isTrusted">Whether the resolver's word on signatures counts.</param>
internal sealed class FindingScreen(Screen screen, bool isTrusted)
{
    private static readonly string[] _heads = ["RESULT", "NEED", "DNSSEC", "TYPE", "NAME", "THERE"];

    /// <summary>Shows them.</summary>
    internal void Show(ZoneFacts facts, IReadOnlyList<Finding> findings)
    {
        if (screen.Json)
        {
            screen.WriteJson(writer => Write(writer, facts, findings));
            return;
        }

        screen.Table(_heads, [.. findings.Select(Row)]);
        var remarks = findings.SelectMany(Remarks).ToList();
        if (!isTrusted)
        {
            remarks.Add("DNSSEC can't be told: the resolver is not on this host, nor does resolv.conf say trust-ad.");
        }

        if (remarks.Count > 0)
        {
            screen.Line(string.Empty);
            remarks.ForEach(screen.Line);
        }
    }

    private string[] Row(Finding finding) =>
    [
        Name(finding.Verdict), finding.IsRequired ? "required" : "advised",
        !isTrusted || finding.Verdict == Verdict.Unanswered ? "-" : finding.IsAuthenticated ? "yes" : "no",
        finding.Type, $"{finding.Name}.", string.Join(", ", finding.There),
    ];

    private IEnumerable<string> Remarks(Finding finding)
    {
        var about = $"{finding.Name}. {finding.Type}";
        if (finding.Remark.Length > 0)
        {
            yield return $"{about}: {finding.Remark}";
        }

        if (finding.Verdict is Verdict.Missing or Verdict.Different && finding.Wanted.Count > 0)
        {
            yield return $"{about}: wanted {string.Join(", ", finding.Wanted)}";
        }

        if (finding is { Purpose: "dane", Verdict: Verdict.Right, IsAuthenticated: false } && isTrusted)
        {
            yield return $"{about}: the zone is not signed, and without that nobody heeds it";
        }
    }

    private void Write(Utf8JsonWriter writer, ZoneFacts facts, IReadOnlyList<Finding> findings)
    {
        writer.WriteStartObject();
        writer.WriteString("domain", facts.Domain);
        writer.WriteString("hostname", facts.HostName);
        writer.WriteStartArray("records");
        foreach (var finding in findings)
        {
            Write(writer, finding);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void Write(Utf8JsonWriter writer, Finding finding)
    {
        writer.WriteStartObject();
        writer.WriteString("purpose", finding.Purpose);
        writer.WriteBoolean("required", finding.IsRequired);
        writer.WriteString("name", $"{finding.Name}.");
        writer.WriteString("type", finding.Type);
        writer.WriteString("result", Name(finding.Verdict));
        // Null where nobody can say.
        if (!isTrusted || finding.Verdict == Verdict.Unanswered)
        {
            writer.WriteNull("authenticated");
        }
        else
        {
            writer.WriteBoolean("authenticated", finding.IsAuthenticated);
        }

        WriteAll(writer, "there", finding.There);
        WriteAll(writer, "wanted", finding.Wanted);
        writer.WriteString("remark", finding.Remark);
        writer.WriteEndObject();
    }

    private static void WriteAll(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Right => "right",
        Verdict.Missing => "missing",
        Verdict.Different => "different",
        Verdict.Unanswered => "unanswered",
        _ => "unjudged",
    };
}
