using Postern.CommandLine.Server;
using Postern.Ipc.Directory;
using Postern.Mail;

namespace Postern.CommandLine.Resolving;

/// <summary>What the directory says that an address of ours means.</summary>
internal sealed record Meaning
{
    /// <summary>How it went.</summary>
    internal required MeaningOutcome Outcome { get; init; }

    /// <summary>The mailbox in words; null when it leads to none.</summary>
    internal string? Mailbox { get; init; }

    /// <summary>The addresses that it leads to.</summary>
    internal IReadOnlyList<byte[]> Targets { get; init; } = [];

    /// <summary>Asks a directory.</summary>
    /// <param name="directory">The channel to it.</param>
    /// <param name="address">An address of an own domain.</param>
    /// <param name="final">True: a mailbox or nothing; aliases were followed already.</param>
    internal static Meaning Ask(FrameConnection directory, Mailbox address, bool final)
    {
        const uint Question = 1;
        directory.Send(new MeaningQuestionFrame { Question = Question, Address = address.Text, Final = final });
        string? mailbox = null;
        List<byte[]> targets = [];
        while (true)
        {
            var type = directory.Receive(out var reader);
            if (type == MeaningMailboxFrame.Type && MeaningMailboxFrame.TryRead(ref reader, out var found))
            {
                mailbox = Words(found);
            }
            else if (type == MeaningTargetFrame.Type && MeaningTargetFrame.TryRead(ref reader, out var target))
            {
                targets.Add(target.Address.ToArray());
            }
            else if (type == MeaningEndFrame.Type && MeaningEndFrame.TryRead(ref reader, out var end))
            {
                return new Meaning { Outcome = end.Outcome, Mailbox = mailbox, Targets = targets };
            }
            else
            {
                throw new CommandFailure(ExitCode.Software, "postern-directory sent something else than an answer");
            }
        }
    }

    private static string Words(scoped in MeaningMailboxFrame mailbox) => mailbox.Kind switch
    {
        MailboxKind.Virtual => $"the mailbox {Text.EscapedText.Of(mailbox.Folder)}",
        MailboxKind.System => $"the Maildir of the system user {mailbox.User}",
        _ => "the postmaster's folder",
    };
}
