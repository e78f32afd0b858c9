// postern-directory: says whether a recipient is ours, and what an address means.
//
// Reads:      its slice (domains, mailboxes, aliases); /etc/passwd when system accounts are mailboxes.
// Writes:     nothing.
// Talks to:   smtpd (is this address ours?) and local (where does its mail go?).
// Privileges: its own user; files for reading only, no network. Taken over, it can have mail refused, or sent to another
//             mailbox or address than the administrator meant; it never sees a message.
using Postern.Directory;
using Postern.Role;

return ProgramHost.Run("directory", context => new DirectoryProgram(context));
