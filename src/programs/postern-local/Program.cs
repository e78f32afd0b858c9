// postern-local: hands a local recipient to its user's `deliver`, or returns what its address stands for.
//
// Reads:      its slice; attempts with content from queue, meanings from directory, results from each `deliver`.
// Writes:     nothing.
// Talks to:   queue, directory, and one `deliver` per user, which posternd starts when asked.
// Privileges: its own user; no files, no network. Taken over, it can lie about the messages that pass through it and send
//             them to any mailbox here; it can't have a program started as root or as an account of the system.
using Postern.Local;
using Postern.Role;

return ProgramHost.Run("local", LocalDeclaration.Own, context => new LocalProgram(context));
