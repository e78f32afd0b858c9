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
        while (true)
        {
            var status = queue.Status();
            if (status.Messages == 0)
            {
                Tell(screen, status, "The queue is empty.");
                return ExitCode.Success;
            }

            if (OnlyHeldRemain(status))
            {
                Tell(screen, status, null);
                throw new CommandFailure(ExitCode.TemporaryFailure, $"{Shown.Count(status.Held, "held recipient")} {Remain(status.Held)}; release or remove them");
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

    private static bool OnlyHeldRemain(StatusFrame status) => status.Held > 0 && status.Held == status.Recipients && status.Active == 0;

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
