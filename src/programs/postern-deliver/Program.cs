// postern-deliver: writes messages into the Maildirs of one user.
//
// Reads:      its slice; in the mailboxes only what it wrote itself.
// Writes:     below the root of the virtual mailboxes, or the user's own ~/Maildir, or postmaster's folder: files in tmp,
//             synced, moved to new.
// Talks to:   local, which started it through posternd.
// Privileges: the user whose mail it is, or the owner of the virtual mailboxes; files beneath the mailbox, no network.
//             Taken over, it can do to that user's mail what the user can.
using Postern.Deliver;
using Postern.Role;
using Postern.Role.Confining;

return ProgramHost.Run("deliver", DeliverDeclaration.Own with { Places = Places }, context => new DeliverProgram(context));

static IReadOnlyList<Place> Places(ReadOnlySpan<byte> slice) => DeliverProgram.Read(slice) is not { } read ? []
    : [.. new[] { read.Root, read.Postmaster, DeliverProgram.Home }.Select(path => new Place(path, DeliverDeclaration.Beneath))];
