using System.CommandLine;
using System.Text;
using Postern.CommandLine.Server;
using Postern.CommandLine.Submission;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern inject</c>: hands the message on standard input to the queue.</summary>
internal static class InjectCommand
{
    /// <summary>Builds the command.</summary>
    internal static Command Build(GlobalOptions options, Invocation invocation)
    {
        var from = new Option<string?>("--from") { Description = "The envelope's sender; '' is the null sender.", HelpName = "ADDRESS" };
        var verbose = new Option<bool>("--verbose") { Description = "Print the message's id." };
        var recipients = new Argument<string[]>("recipient") { Description = "The recipients.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("inject", "Hand the message on standard input to the queue.") { from, verbose, recipients };
        command.SetAction(parsed => Run(
            invocation, parsed.GetValue(options.Configuration)!, parsed.GetValue(from), parsed.GetValue(recipients)!, parsed.GetValue(verbose)));
        return command;
    }

    private static int Run(Invocation invocation, string file, string? from, string[] recipients, bool verbose)
    {
        var settings = invocation.Load(file);
        var caller = LocalAddress.OfUser(invocation.ReadPasswords(), invocation.Uid, settings.MailDomain);
        var message = new LocalMessage
        {
            Sender = from is null ? caller : LocalAddress.Sender(from, settings.MailDomain),
            Caller = caller,
            Uid = invocation.Uid,
            Recipients = [.. recipients.Select(
                text => LocalAddress.Recipient(Encoding.UTF8.GetBytes(text), settings.MailDomain, ExitCode.Usage))],
        };
        using var queue = FrameConnection.Open(settings.QueueSocket);
        var id = new Submitter(queue, settings, invocation.Time).Submit(message, new MessageSource(invocation.Input, stopAtDot: false));
        if (invocation.Screen.Json)
        {
            invocation.Screen.WriteJson(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("id", id.ToString());
                writer.WriteEndObject();
            });
        }
        else if (verbose)
        {
            invocation.Screen.Line(id.ToString());
        }

        return ExitCode.Success;
    }
}
