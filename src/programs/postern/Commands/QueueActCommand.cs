using System.CommandLine;
using Postern.CommandLine.Output;
using Postern.CommandLine.Server;
using Postern.Ipc.Administration;
using Postern.Mail;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern queue retry</c>, <c>flush</c>, <c>hold</c>, <c>release</c> and <c>remove</c>.</summary>
internal static class QueueActCommand
{
    /// <summary>Messages that are looked at to say why nothing was done: enough for a reason, not for a count.</summary>
    private const uint MostLookedAt = 1000;

    /// <summary>Builds one that is told what is meant.</summary>
    internal static Command Build(GlobalOptions options, Invocation invocation, QueueAct act, string words)
    {
        var ids = new Argument<string[]>("id") { Description = "The messages.", Arity = ArgumentArity.ZeroOrMore };
        var selection = new SelectionOptions();
        var all = new Option<bool>("--all") { Description = "Everything." };
        var command = new Command(act.ToString().ToLowerInvariant(), words) { ids };
        selection.AddTo(command);
        if (act != QueueAct.Retry)
        {
            command.Add(all);
        }

        command.SetAction(parsed =>
        {
            var named = parsed.GetValue(ids)!;
            if (act == QueueAct.Retry && named is ["--all"])
            {
                throw new CommandFailure(ExitCode.Usage, "to try everything now is what \"postern queue flush\" does");
            }

            var of = selection.Read(parsed);
            // Exactly one of the three must be said: "everything" is never the default.
            if ((named.Length > 0 ? 1 : 0) + (of == Selection.All ? 0 : 1) + (act != QueueAct.Retry && parsed.GetValue(all) ? 1 : 0) != 1)
            {
                throw new CommandFailure(
                    ExitCode.Usage,
                    "say one of these: ids of messages; which recipients, by --destination, --domain and --sender"
                    + (act == QueueAct.Retry ? " (to try everything: postern queue flush)" : "; --all"));
            }

            MessageId[] messages = [.. named.Select(QueueCommands.ReadId).Distinct()];
            using var connection = QueueCommands.Connect(invocation, parsed.GetValue(options.Configuration)!);
            var queue = new QueueAdministration(connection);
            return messages.Length > 0 ? ActOn(queue, act, messages, invocation.Screen) : ActOnAll(queue, act, of, invocation.Screen);
        });
        return command;
    }

    /// <summary>Builds <c>flush</c>, which always means everything.</summary>
    internal static Command BuildFlush(GlobalOptions options, Invocation invocation)
    {
        var command = new Command("flush", "Try everything now that is not held.");
        command.SetAction(parsed =>
        {
            using var connection = QueueCommands.Connect(invocation, parsed.GetValue(options.Configuration)!);
            return ActOnAll(new QueueAdministration(connection), QueueAct.Flush, Selection.All, invocation.Screen);
        });
        return command;
    }

    private static int ActOn(QueueAdministration queue, QueueAct act, MessageId[] messages, Screen screen)
    {
        var (sum, code) = (default(ActTally), ExitCode.Success);
        foreach (var message in messages)
        {
            var done = queue.Act(act, message, Selection.All);
            sum += done;
            if (done.Recipients == 0)
            {
                // Whoever names a message wants to know that nothing was done.
                screen.Complain(WhyNot(queue, message, act));
                code = ExitCode.NoInput;
            }
        }

        Tell(screen, act, sum, isNamed: true, isSaid: sum.Recipients > 0);
        return code;
    }

    private static int ActOnAll(QueueAdministration queue, QueueAct act, Selection of, Screen screen)
    {
        var done = queue.Act(act, default, of);
        var isSuccess = done.Recipients > 0 || of == Selection.All;
        Tell(screen, act, done, isNamed: false, isSaid: isSuccess);
        if (isSuccess)
        {
            return ExitCode.Success;
        }

        var items = queue.List(string.Empty, of, MostLookedAt);
        throw new CommandFailure(ExitCode.NoInput, items.Count == 0
            ? $"nothing queued fits {SelectionOptions.Words(of)} (see: postern queue list)"
            : $"nothing that fits {SelectionOptions.Words(of)} can be {Word(act)}: {Reasons(items, act)}");
    }

    private static void Tell(Screen screen, QueueAct act, ActTally done, bool isNamed, bool isSaid)
    {
        if (screen.Json)
        {
            screen.WriteJson(writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("recipients", done.Recipients);
                writer.WriteNumber("messages", done.Messages);
                if (isNamed && act == QueueAct.Retry)
                {
                    writer.WriteNumber("being_tried", done.Tried);
                }

                writer.WriteEndObject();
            });
        }
        else if (isSaid)
        {
            var what = $"{Shown.Count(done.Recipients, "recipient")} of {Shown.Count(done.Messages, "message")}";
            screen.Line(act switch
            {
                QueueAct.Retry when isNamed && done.Tried == done.Recipients => $"{what} being tried now",
                QueueAct.Retry when isNamed => $"{what} due now: {done.Tried} being tried, {done.Recipients - done.Tried} next at their destinations, "
                    + "which have as many attempts under way as they may",
                QueueAct.Retry or QueueAct.Flush => $"{what} due now",
                _ => $"{what} {Word(act)}",
            });
        }
    }

    private static string Word(QueueAct act) => act switch
    {
        QueueAct.Hold => "held",
        QueueAct.Release => "released",
        QueueAct.Remove => "removed",
        _ => "tried",
    };

    private static string WhyNot(QueueAdministration queue, MessageId id, QueueAct act)
    {
        var items = new List<QueueItem>();
        return queue.Show(id, items, null)
            ? $"no recipient of {id} can be {Word(act)}: {Reasons(items, act)}"
            : $"{id} is not in the queue: it is done with, or never was there";
    }

    private static string Reasons(List<QueueItem> items, QueueAct act) => string.Join(
        ", ", items.GroupBy(item => Reason(item.Condition, act)).Select(group => $"{group.Count()} {group.Key}"));

    private static string Reason(RecipientCondition condition, QueueAct act) => (condition, act) switch
    {
        (RecipientCondition.Done, _) => "done already",
        (RecipientCondition.Held, QueueAct.Hold) => "held already",
        (RecipientCondition.Held, QueueAct.Retry) => "held (release first)",
        (not RecipientCondition.Held, QueueAct.Release) => "not held",
        (RecipientCondition.Active, _) => "being delivered now",
        (RecipientCondition.Postponed, QueueAct.Retry) => "postponed by the sender",
        // The queue writes down what it is told before it does it.
        _ => "left alone, for want of room to write it down",
    };
}
