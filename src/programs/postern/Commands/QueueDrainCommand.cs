using System.CommandLine;
using Postern.CommandLine.Output;
using Postern.CommandLine.Server;
using Postern.Ipc.Administration;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern queue drain</c>: takes no new messages and waits until those that are there have gone.</summary>
internal static class QueueDrainCommand
{
    private const int MillisecondsBetweenLooks = 1000;

    /// <summary>Builds the command.</summary>
    internal static Command Build(GlobalOptions options, Invocation invocation)
    {
        var off = new Option<bool>("--off") { Description = "Take messages again." };
        var command = new Command("drain", "Take no new messages and wait until the queue is empty.") { off };
        command.SetAction(parsed => Run(invocation, parsed.GetValue(options.Configuration)!, parsed.GetValue(off)));
        return command;
    }

    private static int Run(Invocation invocation, string file, bool off)
    {
        using var connection = QueueCommands.Connect(invocation, file);
        var queue = new QueueAdministration(connection);
        var screen = invocation.Screen;
        queue.Drain(!off);
        if (off)
        {
            Tell(screen, queue.Status(), "The queue takes messages again.");
            return ExitCode.Success;
        }

        if (!screen.Json)
        {
            screen.Line("The queue takes no new messages until it starts anew or \"postern queue drain --off\" is called.");
        }

        ulong? told = null;
        (ulong, ulong, ulong)? listed = null;
        while (true)
        {
            var status = queue.Status();
            if (status.Messages == 0)
            {
                Tell(screen, status, "The queue is empty.");
                return ExitCode.Success;
            }

            if (OnlyWaitingRemain(status) && listed != (status.Recipients, status.Deferred, status.Held))
            {
                listed = (status.Recipients, status.Deferred, status.Held);
                if (status.Deferred == 0 || OnlyPostponed(queue, status))
                {
                    Tell(screen, status, null);
                    throw new CommandFailure(ExitCode.TemporaryFailure, Advice(status.Held, status.Deferred));
                }
            }

            if (told != status.Recipients)
            {
                told = status.Recipients;
                var remaining = $"{Shown.Count(status.Messages, "message")} with {Shown.Count(status.Recipients, "recipient")} {Remain(status.Messages)}, "
                    + $"{status.Deferred} deferred, {status.Held} held.";
                (screen.Json ? (Action<string>)screen.Remark : screen.Line)(remaining);
            }

            queue.Pause(MillisecondsBetweenLooks);
        }
    }

    private static string Remain(ulong count) => count == 1 ? "remains" : "remain";

    private static bool OnlyWaitingRemain(StatusFrame status) => status.Held + status.Deferred == status.Recipients && status.Recipients > 0 && status.Active == 0;

    /// <summary>
    /// Whether what the queue counts as deferred was postponed by its senders (RFC 4865), which may be for days. It counts both alike,
    /// so that they are listed; once for the same numbers, since what waits for a retry is never postponed later.
    /// </summary>
    private static bool OnlyPostponed(QueueAdministration queue, StatusFrame status) =>
        queue.List(string.Empty, Selection.All, (uint)Math.Min(status.Messages, int.MaxValue))
            .TrueForAll(item => item.Condition is RecipientCondition.Held or RecipientCondition.Postponed);

    private static string Advice(ulong held, ulong postponed)
    {
        var all = string.Join(" and ", new[] { (held, "held recipient"), (postponed, "postponed recipient") }.Where(one => one.Item1 > 0).Select(one => Shown.Count(one.Item1, one.Item2)));
        var act = held == 0 ? "wait for their time or remove them" : postponed == 0 ? "release or remove them" : "release or remove what is held, and wait for the rest or remove it";
        return $"{all} {Remain(held + postponed)}; {act}";
    }

    private static void Tell(Screen screen, StatusFrame status, string? words)
    {
        if (screen.Json)
        {
            screen.WriteJson(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("condition", StatusCommand.Name(status.Condition));
                writer.WriteNumber("messages", status.Messages);
                writer.WriteNumber("recipients", status.Recipients);
                writer.WriteNumber("held", status.Held);
                writer.WriteEndObject();
            });
        }
        else if (words is not null)
        {
            screen.Line(words);
        }
    }
}
