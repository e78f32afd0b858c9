using System.CommandLine;
using Postern.CommandLine.Output;
using Postern.CommandLine.Server;
using Postern.Ipc.Administration;
using Postern.Mail;
using Postern.Text;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern queue show</c>: one message with its recipients, or its content.</summary>
internal static class QueueShowCommand
{
    /// <summary>Builds the command.</summary>
    internal static Command Build(GlobalOptions options, Invocation invocation)
    {
        var id = new Argument<string>("id") { Description = "The message." };
        var content = new Option<bool>("--content") { Description = "Its content instead: byte for byte into a file or pipe." };
        var command = new Command("show", "Show a message.") { id, content };
        command.SetAction(parsed =>
        {
            var message = QueueCommands.ReadId(parsed.GetValue(id)!);
            using var connection = QueueCommands.Connect(invocation, parsed.GetValue(options.Configuration)!);
            var found = parsed.GetValue(content)
                ? ShowContent(new QueueAdministration(connection), message, invocation.Screen)
                : ShowItems(new QueueAdministration(connection), message, invocation.Screen);
            return found ? ExitCode.Success : throw new CommandFailure(ExitCode.NoInput, $"{message} is not in the queue");
        });
        return command;
    }

    private static bool ShowItems(QueueAdministration queue, MessageId id, Screen screen)
    {
        var items = new List<QueueItem>();
        if (!queue.Show(id, items, null))
        {
            return false;
        }

        if (screen.Json)
        {
            screen.WriteJson(writer => QueueListCommand.WriteItems(writer, items));
            return true;
        }

        screen.Line($"Message:      {id}");
        if (items is [var first, ..])
        {
            screen.Line($"Sender:       {Shown.Address(first.Sender)}");
            screen.Line($"Size:         {first.Size}");
            screen.Line($"Arrived:      {Shown.Moment(first.Arrived)}");
        }

        foreach (var item in items)
        {
            screen.Line($"Recipient:    {Shown.Address(item.Recipient)}");
            screen.Line($"  State:        {QueueListCommand.Name(item.Condition)}{After(item)}");
            screen.Line($"  Destination:  {EscapedText.Of(item.Destination)}");
            if (item.NextAttempt != 0)
            {
                screen.Line($"  Next attempt: {Shown.Moment(item.NextAttempt)}");
            }

            if (item.LastText.Length > 0)
            {
                screen.Line($"  Last answer:  {EscapedText.Of(item.LastText)}");
            }
        }

        return true;
    }

    // The queue counts attempts that failed, so that of a recipient who was served at once it would say none.
    private static string After(QueueItem item) =>
        item.Condition == RecipientCondition.Done ? string.Empty : $" after {Shown.Count((ulong)item.Attempts, "attempt")}";

    private static bool ShowContent(QueueAdministration queue, MessageId id, Screen screen)
    {
        if (!screen.IsTerminal)
        {
            var found = queue.Show(id, [], screen.Raw);
            screen.Raw.Flush();
            return found;
        }

        using var content = new MemoryStream();
        if (!queue.Show(id, [], content))
        {
            return false;
        }

        Shown.Content(screen, content.GetBuffer().AsSpan(0, (int)content.Length));
        return true;
    }
}
