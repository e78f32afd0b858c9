using Postern.Local;
using Postern.Role;

// postern-local: hands a local recipient to its user's `deliver`, or returns what its address stands for.
// Reads: attempts with content from queue, meanings from directory, results from each `deliver`.
// Writes: nothing.
// Talks to: queue, directory, and one `deliver` per user, which posternd starts when asked.
// Privileges: none; it holds the messages that pass through it.
return ProgramHost.Run("local", context => new LocalProgram(context));
