// postern-directory: says whether a recipient is ours, and what an address means.
//
// Reads:      its slice (domains, mailboxes, aliases); /etc/passwd when system accounts are mailboxes.
// Writes:     nothing.
// Talks to:   smtpd (is this address ours?) and local (where does its mail go?).
// Privileges: its own user; files for reading only, no network. Taken over, it can have mail refused, or sent to another
//             mailbox or address than the administrator meant; it never sees a message.
using Postern.Directory;
using Postern.Ipc.Slices;
using Postern.Role;
using Postern.Role.Confining;

return ProgramHost.Run("directory", DirectoryDeclaration.Own with { Places = Places }, context => new DirectoryProgram(context));

// The whole folder: whoever changes the file puts a new one in its place, and a rule about the old one would not hold for that.
static IReadOnlyList<Place> Places(ReadOnlySpan<byte> slice)
{
    var frames = new SliceReader(slice);
    return frames.TryNext(out var type, out var reader) && type == DirectorySlice.Type
        && DirectorySlice.TryRead(ref reader, out var head) && head.SystemUsers ? [new Place("/etc", FileUse.Read)] : [];
}
