using System.Text;
using Postern.CommandLine.Commands;
using Postern.CommandLine.Server;
using Postern.CommandLine.Submission;
using Postern.Text;

namespace Postern.CommandLine.Sendmail;

/// <summary>What other programs know as sendmail, mailq and newaliases.</summary>
internal static class SendmailCommand
{
    /// <summary>Runs sendmail.</summary>
    internal static int Run(string[] arguments, Invocation invocation)
    {
        if (!SendmailParser.TryParse(arguments, out var options, out var problem))
        {
            throw new CommandFailure(ExitCode.Usage, problem);
        }

        return options.Mode switch
        {
            SendmailMode.List => CommandTree.Run(["queue", "list"], invocation),
            SendmailMode.Flush => CommandTree.Run(["queue", "flush"], invocation),
            SendmailMode.Session => SessionRelay.Run(invocation),
            SendmailMode.Aliases => NewAliases(invocation),
            _ => Deliver(options, invocation),
        };
    }

    /// <summary>Runs newaliases: there is no table to build; the file's place in the configuration is checked.</summary>
    internal static int NewAliases(Invocation invocation)
    {
        _ = invocation.LoadSlices(Invocation.ConfigurationFile);
        invocation.Screen.Line("The configuration is good. The server reads aliases when it starts and when posternd gets SIGHUP.");
        return ExitCode.Success;
    }

    /// <summary>Reads the settings; what is wrong with them is the host's fault and passes, and the message is worth another try.</summary>
    internal static ServerSettings LoadSettings(Invocation invocation)
    {
        try
        {
            return invocation.Load(Invocation.ConfigurationFile);
        }
        catch (CommandFailure failure)
        {
            throw new CommandFailure(ExitCode.TemporaryFailure, failure.Message);
        }
    }

    private static int Deliver(SendmailOptions options, Invocation invocation)
    {
        var settings = LoadSettings(invocation);
        var caller = LocalAddress.OfUser(invocation.ReadPasswords(), invocation.Uid, settings.MailDomain);
        var message = new LocalMessage
        {
            Sender = options.Sender is null ? caller : LocalAddress.Sender(options.Sender, settings.MailDomain),
            Caller = caller,
            Uid = invocation.Uid,
            Recipients = [.. options.Recipients.Select(
                text => LocalAddress.Recipient(Encoding.UTF8.GetBytes(text), settings.MailDomain, ExitCode.Usage))],
            ReadRecipients = options.ReadRecipients,
            FullName = options.FullName,
            EnvelopeId = EncodeId(options.EnvelopeId),
            Return = options.Return,
            Notify = options.Notify,
            Body = options.Body,
        };
        if (message.Recipients.Count == 0 && !message.ReadRecipients)
        {
            throw new CommandFailure(ExitCode.Usage, "no recipients were given");
        }

        using var queue = FrameConnection.Open(settings.QueueSocket);
        var source = new MessageSource(invocation.Input, stopAtDot: !options.IgnoreDots);
        _ = new Submitter(queue, settings, invocation.Time).Submit(message, source);
        return ExitCode.Success;
    }

    private static byte[] EncodeId(string id)
    {
        var raw = Encoding.ASCII.GetBytes(id);
        var encoded = new byte[raw.Length * XText.MaxGrowth];
        return encoded[..XText.Encode(raw, encoded)];
    }
}
