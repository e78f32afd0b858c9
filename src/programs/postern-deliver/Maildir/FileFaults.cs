using System.Text;
using Postern.Mail;
using Postern.Posix;
using Postern.Posix.Files;

namespace Postern.Deliver.Maildir;

/// <summary>Says what a refusal of the system means for the recipient: always "later", since mail is worth waiting for.</summary>
/// <remarks>
/// A full disk gets room, a quota is lifted, a broken folder is mended: nothing here is a reason to bounce (attack F6).
/// What is wrong with one mailbox is that mailbox's fault, so that the others don't wait for it; what is wrong with the
/// machine is the world's.
/// </remarks>
internal static class FileFaults
{
    private static EnhancedStatus SystemIncorrect => new(4, 3, 5);

    /// <summary>The result of a failed step.</summary>
    internal static DeliveryResult ResultOf(FileResult failure) => failure.Fault switch
    {
        FileFault.NoSpace when failure.Error == Errno.QuotaExceeded =>
            Temporary(EnhancedStatus.MailboxFull, FaultOf.Peer, "the mailbox is full", failure),
        FileFault.NoSpace => Temporary(EnhancedStatus.SystemFull, FaultOf.World, "no room for mail", failure),
        FileFault.Denied => Temporary(SystemIncorrect, FaultOf.Peer, "the mailbox can't be written to", failure),
        FileFault.NotBeneath or FileFault.BadName or FileFault.Exists =>
            Temporary(SystemIncorrect, FaultOf.Peer, "the mailbox is not a Maildir", failure),
        FileFault.NotFound => Temporary(SystemIncorrect, FaultOf.Peer, "the mailbox's folder is missing", failure),
        _ => Temporary(EnhancedStatus.SystemFailure, FaultOf.World, "the mailbox can't be written to", failure),
    };

    private static DeliveryResult Temporary(EnhancedStatus status, FaultOf fault, string what, FileResult failure) =>
        DeliveryResult.Temporary(status, fault, Encoding.ASCII.GetBytes($"{what}: {Errno.Describe(failure.Error)}"));
}
