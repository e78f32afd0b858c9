using Postern.Ipc.Directory;
using Postern.Posix.Files;

namespace Postern.Deliver.Maildir;

/// <summary>The folders of this host below which mailboxes lie; they come from the administrator and must be there.</summary>
/// <param name="Root">The root of the virtual mailboxes.</param>
/// <param name="Home">The home of the user that this program runs as.</param>
/// <param name="Postmaster">The Maildir for postmaster's mail when nobody was named.</param>
internal sealed record MailboxBases(string Root, string Home, string Postmaster)
{
    /// <summary>Opens the base of a place. Links on the way to it are the administrator's; below it there are none.</summary>
    internal FileResult Open(MailboxPlace place, out DirectoryHandle? directory)
    {
        var path = place.Kind switch
        {
            MailboxKind.Virtual => Root,
            MailboxKind.System => Home,
            _ => Postmaster,
        };
        // "/." so that the last part may be a link, too: a home often is one.
        return DirectoryHandle.Open(path + "/.", out directory);
    }
}
