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

const FileUse Beneath = FileUse.Read | FileUse.List | FileUse.Change | FileUse.MakeFolders | FileUse.Move;
var declaration = new Declaration
{
    Files = Beneath,
    Places = Places,
};
return ProgramHost.Run("deliver", declaration, context => new DeliverProgram(context));

static IReadOnlyList<Place> Places(ReadOnlySpan<byte> slice) => DeliverProgram.Read(slice) is not { } read ? []
    : [new Place(read.Root, Beneath), new Place(read.Postmaster, Beneath), new Place(DeliverProgram.Home, Beneath)];
