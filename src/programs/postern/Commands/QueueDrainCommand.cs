using System.CommandLine;
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
        queue.Drain(!off);
        if (off)
        {
            invocation.Screen.Line("The queue takes messages again.");
            return ExitCode.Success;
        }

        ulong? told = null;
        while (true)
        {
            var status = queue.Status();
            if (status.Messages == 0)
            {
                invocation.Screen.Line("The queue is empty.");
                return ExitCode.Success;
            }

            if (OnlyHeldRemain(status))
            {
                throw new CommandFailure(ExitCode.TemporaryFailure, $"{status.Held} held recipients remain; release or remove them");
            }

            if (told != status.Recipients)
            {
                told = status.Recipients;
                invocation.Screen.Line($"{status.Messages} messages with {status.Recipients} recipients remain, {status.Deferred} of them deferred.");
            }

            queue.Pause(MillisecondsBetweenLooks);
        }
    }

    private static bool OnlyHeldRemain(StatusFrame status) => status.Held > 0 && status.Held == status.Recipients && status.Active == 0;
}
