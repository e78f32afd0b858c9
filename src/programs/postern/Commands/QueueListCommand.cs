using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Postern.CommandLine.Output;
using Postern.CommandLine.Server;
using Postern.Ipc.Administration;
using Postern.Mail;
using Postern.Text;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern queue list</c>: what is queued, a line per recipient.</summary>
internal static class QueueListCommand
{
    // A queue may hold a million messages; nobody reads more than this at once.
    private const string DefaultLimit = "1000";

    private static readonly string[] _heads = ["ID", "SIZE", "ARRIVED", "STATE", "TRIES", "NEXT", "SENDER", "RECIPIENT", "DESTINATION", "LAST ANSWER"];

    /// <summary>Builds the command.</summary>
    internal static Command Build(GlobalOptions options, Invocation invocation)
    {
        var filter = new Option<string>("--filter")
        {
            Description = "Only recipients with this text in their address or their sender's.",
            HelpName = "TEXT",
            DefaultValueFactory = static _ => string.Empty,
        };
        var limit = new Option<string>("--limit")
        {
            Description = "How many messages at most, each with all of its recipients.",
            HelpName = "N",
            DefaultValueFactory = static _ => DefaultLimit,
        };
        var selection = new SelectionOptions();
        var command = new Command("list", "List what is queued.") { filter, limit };
        selection.AddTo(command);
        command.SetAction(parsed => Run(
            invocation, parsed.GetValue(options.Configuration)!, parsed.GetValue(filter)!, selection.Read(parsed), ReadLimit(parsed.GetValue(limit)!)));
        return command;
    }

    /// <summary>The name of a state.</summary>
    internal static string Name(RecipientCondition condition) => condition switch
    {
        RecipientCondition.Queued => "queued",
        RecipientCondition.Active => "active",
        RecipientCondition.Deferred => "deferred",
        RecipientCondition.Held => "held",
        RecipientCondition.Postponed => "postponed",
        _ => "done",
    };

    /// <summary>Writes one recipient as a JSON object.</summary>
    internal static void WriteItem(Utf8JsonWriter writer, QueueItem item)
    {
        writer.WriteStartObject();
        writer.WriteString("id", item.Message.ToString());
        writer.WriteBytes("sender", item.Sender);
        writer.WriteBytes("recipient", item.Recipient);
        writer.WriteString("state", Name(item.Condition));
        writer.WriteNumber("attempts", item.Attempts);
        writer.WriteNumber("size", item.Size);
        writer.WriteNumber("arrived", item.Arrived);
        writer.WriteNumber("next_attempt", item.NextAttempt);
        writer.WriteBytes("destination", item.Destination);
        writer.WriteBytes("last_answer", item.LastText);
        writer.WriteEndObject();
    }

    /// <summary>Writes items as a JSON array.</summary>
    internal static void WriteItems(Utf8JsonWriter writer, List<QueueItem> items)
    {
        writer.WriteStartArray();
        items.ForEach(item => WriteItem(writer, item));
        writer.WriteEndArray();
    }

    private static int Run(Invocation invocation, string file, string filter, Selection of, uint limit)
    {
        if (filter.Length > AdministrationLimits.MaxFilter || !SelectionOptions.IsPrintable(filter))
        {
            throw new CommandFailure(ExitCode.Usage, "the filter must be printable ASCII and short");
        }

        using var connection = QueueCommands.Connect(invocation, file);
        // One more than is shown tells whether there are more.
        var messages = new QueueAdministration(connection).List(filter, of, limit + 1)
            .OrderBy(item => item.Arrived).ThenBy(item => item.Message.Value).GroupBy(item => item.Message).ToList();
        var items = messages.Take((int)limit).SelectMany(message => message).ToList();
        var screen = invocation.Screen;
        if (screen.Json)
        {
            screen.WriteJson(writer => WriteItems(writer, items));
        }
        else if (items.Count == 0)
        {
            screen.Line(of != Selection.All ? $"Nothing that is queued fits {SelectionOptions.Words(of)}{(filter.Length > 0 ? " and the filter" : string.Empty)}."
                : filter.Length == 0 ? "The queue is empty." : $"Nothing that is queued has \"{filter}\" in its addresses.");
        }
        else if (screen.IsTerminal)
        {
            WriteForReading(screen, items);
        }
        else
        {
            screen.Table(_heads, [.. items.Select(Cells)]);
        }

        if (messages.Count > limit)
        {
            screen.Complain($"more than {Shown.Count(limit, "message")} are queued that fit; see --limit, --filter, --domain and --sender");
        }

        return ExitCode.Success;
    }

    private static uint ReadLimit(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= int.MaxValue
            ? limit : throw new CommandFailure(ExitCode.Usage, $"--limit must be a number from 1 to {int.MaxValue}, not {text}");

    /// <summary>For a terminal, where ten columns never fit: a message, and below it its recipients with what there is to say of each.</summary>
    private static void WriteForReading(Screen screen, List<QueueItem> items)
    {
        MessageId? shown = null;
        foreach (var item in items)
        {
            if (shown != item.Message)
            {
                shown = item.Message;
                screen.Line($"{item.Message}  {Shown.Moment(item.Arrived)}  {Shown.Count(item.Size, "byte")}  from {Shown.Address(item.Sender)}");
            }

            screen.Line($"    {Name(item.Condition),-8}  {Shown.Address(item.Recipient)}");
            screen.Line($"              {Way(item)}");
            if (item.LastText.Length > 0)
            {
                screen.Line($"              {EscapedText.Of(item.LastText)}");
            }
        }
    }

    private static string Way(QueueItem item) =>
        $"to {EscapedText.Of(item.Destination)}, tried {Shown.Count((ulong)item.Attempts, "time")}"
        + (item.NextAttempt == 0 ? string.Empty : $", next at {Shown.Moment(item.NextAttempt)}");

    private static string[] Cells(QueueItem item) =>
    [
        item.Message.ToString(),
        Shown.Number(item.Size),
        Shown.Moment(item.Arrived),
        Name(item.Condition),
        item.Attempts.ToString(CultureInfo.InvariantCulture),
        Shown.Moment(item.NextAttempt),
        Shown.Address(item.Sender),
        Shown.Address(item.Recipient),
        EscapedText.Of(item.Destination),
        EscapedText.Of(item.LastText),
    ];
}
