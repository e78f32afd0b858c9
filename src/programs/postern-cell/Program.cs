// postern-cell: runs any program with standard input, output and error, and nothing else.
//
// Reads:      its arguments; the beginning of the program and of its interpreters; standard input, and what the program writes,
//             neither of which it looks at.
// Writes:     what the program wrote, as much as it may; a line of its own when something ended the program; a report.
// Talks to:   nobody.
// Privileges: those of its caller until the child is made, and of root none from then on: it becomes the program's own user, and may
//             use the descriptors that it has, wait for its child and end it. No file, no socket, no process any more.
using Postern.Cell;
using Postern.Posix.Processes;

// Where one of them was closed, the runtime may have a file of its own there by now.
bool[] given = [OwnProcess.HasInherited(0), OwnProcess.HasInherited(1), OwnProcess.HasInherited(2)];
StandardDescriptors.Ensure();
return Entry.Run(args, given);
