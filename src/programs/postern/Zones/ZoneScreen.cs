using System.Text.Json;
using Postern.CommandLine.Output;

namespace Postern.CommandLine.Zones;

/// <summary>Shows the records that a domain has to have: as lines of a zone file, all else in comments, or as JSON.</summary>
internal sealed class ZoneScreen(Screen screen, ZoneFacts facts, StsPolicy policy)
{
    /// <summary>Shows them.</summary>
    internal void Show()
    {
        var groups = new WantedZone(facts, policy).Groups();
        if (screen.Json)
        {
            screen.WriteJson(writer => Write(writer, groups));
            return;
        }

        screen.Line($"; The records of {facts.Domain} with the mail server {facts.HostName}, as lines of a zone file.");
        screen.Line($"; What is set is looked at by: postern dns {facts.Domain} --check");
        foreach (var group in groups)
        {
            Show(group);
        }

        if (facts.CanPromiseTls)
        {
            screen.Line(string.Empty);
            screen.Line($"; The policy of MTA-STS (postern dns {facts.Domain} --policy prints it alone), to be served as text/plain at");
            screen.Line($"; {policy.Address} with a certificate for {policy.Host}:");
            screen.Line(";");
            foreach (var line in policy.Lines)
            {
                screen.Line($";   {line}");
            }
        }
    }

    private void Show(WantedGroup group)
    {
        screen.Line(string.Empty);
        for (var i = 0; i < group.Remarks.Count; i++)
        {
            var need = i > 0 || group.Records.Count == 0 ? "" : group.IsRequired ? "Required. " : "Advised. ";
            screen.Line($"; {need}{group.Remarks[i]}");
        }

        foreach (var record in group.Records)
        {
            var line = record.Line(record.Type == "A" ? "IPV4-ADDRESS" : "IPV6-ADDRESS");
            screen.Line(group.IsElsewhere || record.Data is null ? $"; {line}" : line);
        }
    }

    private void Write(Utf8JsonWriter writer, IReadOnlyList<WantedGroup> groups)
    {
        writer.WriteStartObject();
        writer.WriteString("domain", facts.Domain);
        writer.WriteString("hostname", facts.HostName);
        writer.WriteStartArray("records");
        foreach (var group in groups)
        {
            foreach (var record in group.Records)
            {
                writer.WriteStartObject();
                writer.WriteString("purpose", group.Purpose);
                writer.WriteBoolean("required", group.IsRequired);
                writer.WriteString("name", $"{record.Name}.");
                writer.WriteString("type", record.Type);
                // Null where only the administrator knows it.
                writer.WriteString("data", record.Data);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        if (facts.CanPromiseTls)
        {
            writer.WriteStartObject("policy");
            writer.WriteString("url", policy.Address);
            writer.WriteString("text", policy.Text);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("policy");
        }

        writer.WriteEndObject();
    }
}
