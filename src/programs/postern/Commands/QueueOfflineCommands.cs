using System.CommandLine;
using System.Text.Json;
using Postern.CommandLine.Offline;
using Postern.CommandLine.Output;
using Postern.Spool;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern queue verify</c> and <c>export</c>: a queue's folder without the server.</summary>
internal static class QueueOfflineCommands
{
    /// <summary>Builds <c>verify</c>.</summary>
    internal static Command BuildVerify(Invocation invocation)
    {
        var folder = new Argument<string>("folder") { Description = "The queue's folder, or a copy." };
        var command = new Command("verify", "Check a stopped queue's log and say what it holds.") { folder };
        command.SetAction(parsed => Verify(invocation, parsed.GetValue(folder)!));
        return command;
    }

    /// <summary>Builds <c>export</c>.</summary>
    internal static Command BuildExport(Invocation invocation)
    {
        var folder = new Argument<string>("folder") { Description = "The queue's folder, or a copy." };
        var target = new Argument<string>("maildir") { Description = "The Maildir to write to." };
        var all = new Option<bool>("--all") { Description = "Those, too, for which nothing is left to do." };
        var command = new Command("export", "Rescue the messages of a stopped queue into a Maildir.") { folder, target, all };
        command.SetAction(parsed => Export(invocation, parsed.GetValue(folder)!, parsed.GetValue(target)!, parsed.GetValue(all)));
        return command;
    }

    private static int Verify(Invocation invocation, string folder)
    {
        var screen = invocation.Screen;
        var progress = new Progress(screen, invocation.Time);
        using var log = OfflineLog.Open(folder, salvage: false, progress);
        var open = log.Contents.Messages.Where(message => message.Open.Contains(true)).ToList();
        var broken = open.Where(message => !Copy(log, message, null, progress)).ToList();
        Finding[] findings =
        [
            new("segments", log.Report.Segments.Count),
            new("bytes", log.Report.Segments.Sum(segment => segment.Bytes)),
            new("free_segments", log.Report.Spares),
            new("segments_set_aside", log.Report.SetAside.Count),
            new("batches", (long)log.Report.LastBatch),
            new("records", log.Report.Summary.Records),
            new("unknown_records", log.Contents.Strange),
            new("messages", open.Count),
            new("recipients", open.Sum(message => message.Open.Count(one => one))),
            new("incomplete_messages", broken.Count),
            new("damages", log.Report.Summary.Damages),
            new("unfinished_batches", log.Contents.Torn.Count),
        ];
        if (screen.Json)
        {
            screen.WriteJson(writer => Write(writer, log, findings));
        }
        else
        {
            foreach (var finding in findings)
            {
                screen.Line($"{finding.Name.Replace('_', ' '),-20}{finding.Count}");
            }

            foreach (var damage in log.Contents.Damages)
            {
                screen.Line($"damage: {damage}");
            }

            foreach (var torn in log.Contents.Torn)
            {
                screen.Line($"no damage: {torn}: what was being written when the queue ended, of which nothing had been acknowledged");
            }

            broken.ForEach(message => screen.Line($"incomplete: {message.Id}"));
            if (!log.IsExact)
            {
                screen.Line("Segments between others were freed: some of the messages may have been finished.");
            }
        }

        return broken.Count == 0 && log.Report.Summary.Damages == 0 && log.Contents.Strange == 0 ? ExitCode.Success : ExitCode.BadData;
    }

    private static void Write(Utf8JsonWriter writer, OfflineLog log, Finding[] findings)
    {
        writer.WriteStartObject();
        foreach (var finding in findings)
        {
            writer.WriteNumber(finding.Name, finding.Count);
        }

        writer.WriteBoolean("exact", log.IsExact);
        Write(writer, "damage", log.Contents.Damages);
        Write(writer, "unfinished", log.Contents.Torn);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<Damage> damages)
    {
        writer.WriteStartArray(name);
        foreach (var damage in damages)
        {
            writer.WriteStringValue(damage.ToString());
        }

        writer.WriteEndArray();
    }

    private static int Export(Invocation invocation, string folder, string target, bool all)
    {
        var screen = invocation.Screen;
        var progress = new Progress(screen, invocation.Time);
        using var log = OfflineLog.Open(folder, salvage: true, progress);
        using var maildir = new MaildirExport(target);
        var (written, present, broken) = (0, 0, 0);
        using var content = new MemoryStream();
        foreach (var message in log.Contents.Messages.Where(message => all || message.Open.Contains(true)))
        {
            content.SetLength(0);
            if (!Copy(log, message, content, progress))
            {
                screen.Complain($"{message.Id} is incomplete and left out");
                broken++;
            }
            else if (maildir.TryWrite(message, content.GetBuffer().AsSpan(0, (int)content.Length)))
            {
                written++;
            }
            else
            {
                present++;
            }
        }

        if (screen.Json)
        {
            screen.WriteJson(writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("written", written);
                writer.WriteNumber("already_there", present);
                writer.WriteNumber("incomplete", broken);
                writer.WriteEndObject();
            });
        }
        else
        {
            screen.Line($"{Shown.Count((ulong)written, "message")} written, {present} there already, {broken} incomplete.");
        }

        return broken == 0 ? ExitCode.Success : ExitCode.BadData;
    }

    private static bool Copy(OfflineLog log, StoredMessage message, Stream? output, Progress progress)
    {
        progress.Tell(() => $"the content of {message.Id} is being read");
        return log.TryCopy(message, output);
    }

    /// <summary>One number of the report.</summary>
    private sealed record Finding(string Name, long Count);
}
