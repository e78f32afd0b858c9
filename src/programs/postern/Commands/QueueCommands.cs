using System.CommandLine;
using Postern.CommandLine.Server;
using Postern.Ipc.Administration;
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
        QueueActCommand.Build(options, invocation, QueueAct.Retry, "Try now what waits for a retry."),
        QueueActCommand.BuildFlush(options, invocation),
        QueueActCommand.Build(options, invocation, QueueAct.Hold, "Leave alone until released."),
        QueueActCommand.Build(options, invocation, QueueAct.Release, "Let go what was held."),
        QueueActCommand.Build(options, invocation, QueueAct.Remove, "Take out without a notification."),
        QueueDrainCommand.Build(options, invocation),
        QueueOfflineCommands.BuildVerify(invocation),
        QueueOfflineCommands.BuildExport(invocation),
    };

    /// <summary>Loads the configuration and connects to the control socket.</summary>
    internal static FrameConnection Connect(Invocation invocation, string file) =>
        FrameConnection.Open(invocation.Load(file).ControlSocket);

    /// <summary>Reads a message's id. No message has the one of zeros, which to the queue means every message.</summary>
    internal static MessageId ReadId(string text) =>
        MessageId.TryParse(text, out var id) && id != default ? id : throw new CommandFailure(ExitCode.Usage, $"not a message id: {text}");
}
