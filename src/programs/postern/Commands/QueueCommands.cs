using System.CommandLine;
using Postern.CommandLine.Output;
using Postern.CommandLine.Server;
using Postern.Ipc.Administration;
using Postern.Ipc.Delivery;
using Postern.Mail;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern queue</c>: what looks at and changes the queue.</summary>
internal static class QueueCommands
{
    /// <summary>Builds the command with those below it.</summary>
    internal static Command Build(GlobalOptions options, Invocation invocation) => new("queue", "Look at and change the queue.")
    {
        QueueListCommand.Build(options, invocation),
        QueueShowCommand.Build(options, invocation),
        BuildAct(options, invocation, QueueAct.Retry, "retry", "Try now what waits for a retry."),
        BuildFlush(options, invocation),
        BuildAct(options, invocation, QueueAct.Hold, "hold", "Leave alone until released."),
        BuildAct(options, invocation, QueueAct.Release, "release", "Let go what was held."),
        BuildAct(options, invocation, QueueAct.Remove, "remove", "Take out without a notification."),
        QueueDrainCommand.Build(options, invocation),
        QueueOfflineCommands.BuildVerify(invocation),
        QueueOfflineCommands.BuildExport(invocation),
    };

    /// <summary>Loads the configuration and connects to the control socket.</summary>
    internal static FrameConnection Connect(Invocation invocation, string file) =>
        FrameConnection.Open(invocation.Load(file).ControlSocket);

    /// <summary>Reads a message's id.</summary>
    internal static MessageId ReadId(string text) =>
        MessageId.TryParse(text, out var id) ? id : throw new CommandFailure(ExitCode.Usage, $"not a message id: {text}");

    private static Command BuildAct(GlobalOptions options, Invocation invocation, QueueAct act, string name, string words)
    {
        var id = new Argument<string?>("id") { Description = "The message.", Arity = ArgumentArity.ZeroOrOne };
        var destination = new Option<string?>("--destination") { Description = "All that goes there, as it is listed.", HelpName = "D" };
        var all = new Option<bool>("--all") { Description = "Everything." };
        var command = new Command(name, words) { id, destination };
        if (act != QueueAct.Retry)
        {
            command.Add(all);
        }

        command.SetAction(parsed =>
        {
            if (act == QueueAct.Retry && parsed.GetValue(id) == "--all")
            {
                throw new CommandFailure(ExitCode.Usage, "to try everything now is what \"postern queue flush\" does");
            }

            var target = Judge(parsed.GetValue(id), parsed.GetValue(destination), act != QueueAct.Retry && parsed.GetValue(all));
            return Run(invocation, parsed.GetValue(options.Configuration)!, act, target);
        });
        return command;
    }

    private static Command BuildFlush(GlobalOptions options, Invocation invocation)
    {
        var command = new Command("flush", "Try everything now that is not held.");
        command.SetAction(parsed => Run(invocation, parsed.GetValue(options.Configuration)!, QueueAct.Flush, (default, string.Empty)));
        return command;
    }

    /// <summary>Exactly one of the three must be said: "everything" is never the default.</summary>
    private static (MessageId Id, string Destination) Judge(string? id, string? destination, bool all)
    {
        if ((id is null ? 0 : 1) + (destination is null ? 0 : 1) + (all ? 1 : 0) != 1)
        {
            throw new CommandFailure(ExitCode.Usage, "say a message's id, or --destination D, or where it is offered --all");
        }

        if (destination is not null && (destination.Length is 0 or > DeliveryLimits.MaxDestination || !IsPrintable(destination)))
        {
            throw new CommandFailure(ExitCode.Usage, $"not a destination: {destination}");
        }

        return (id is null ? default : ReadId(id), destination ?? string.Empty);
    }

    /// <summary>True for printable ASCII: the queue takes nothing else for text.</summary>
    internal static bool IsPrintable(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static string Word(QueueAct act) => act switch
    {
        QueueAct.Hold => "held",
        QueueAct.Release => "released",
        QueueAct.Remove => "removed",
        _ => "tried now",
    };

    private static int Run(Invocation invocation, string file, QueueAct act, (MessageId Id, string Destination) target)
    {
        var isAll = target.Id.Value == 0 && target.Destination.Length == 0;
        using var connection = Connect(invocation, file);
        var queue = new QueueAdministration(connection);
        var count = queue.Act(act, target.Id, target.Destination);
        if (invocation.Screen.Json)
        {
            invocation.Screen.WriteJson(writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("recipients", count);
                writer.WriteEndObject();
            });
        }
        else if (count > 0 || isAll)
        {
            invocation.Screen.Line($"{Shown.Count(count, "recipient")} {Word(act)}");
        }

        // Whoever names a message or a destination wants to know that nothing was done.
        return count > 0 || isAll ? ExitCode.Success : throw new CommandFailure(ExitCode.NoInput, target.Id.Value != 0
            ? WhyNot(queue, target.Id, act)
            : $"nothing queued goes to {target.Destination}, or nothing of it can be {Word(act)} (see: postern queue list)");
    }

    private static string WhyNot(QueueAdministration queue, MessageId id, QueueAct act)
    {
        var items = new List<QueueItem>();
        return !queue.Show(id, items, null) ? $"{id} is not in the queue"
            : items.Exists(item => item.Condition == RecipientCondition.Active) ? $"{id} is being delivered now, and can't be {Word(act)} meanwhile"
            : $"no recipient of {id} can be {Word(act)}";
    }
}
