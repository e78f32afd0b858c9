// postern: the command line of the server; also `sendmail`, `mailq` and `newaliases` when called so.
//
// Reads:      its arguments, a message on standard input, <state>/run/programs, /etc/passwd; the configuration by way of
//             postern-config; for `queue verify` and `queue export` a queue's folder; for `dns` certificates and /etc/resolv.conf.
// Writes:     standard output and error; the Maildir of `queue export`; `setup users` has useradd write the system's user files.
// Talks to:   queue, over queue.sock (hand a message in) and control.sock (look at and change the queue); a directory of
//             its own for `resolve`; resolvers for `dns --check`.
// Privileges: those of its caller and no more: it is never set-user-id, so hostile arguments gain nothing by it.
using Microsoft.Win32.SafeHandles;
using Postern.CommandLine;
using Postern.CommandLine.Output;
using Postern.CommandLine.Resolving;
using Postern.CommandLine.Server;
using Postern.Posix.Processes;

// Where standard input was closed, the runtime has files of its own by now: what it has on 0 is no message.
var hasInput = OwnProcess.HasInherited(0);
StandardDescriptors.Ensure();
// Not Console's own readers and writers: on a terminal those begin with escape sequences, and read in lines of their own.
using var input = hasInput ? new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0) : Stream.Null;
using var raw = new StandardStream(1);
using var output = new StreamWriter(raw, leaveOpen: true) { AutoFlush = true };
using var error = new StreamWriter(new StandardStream(2)) { AutoFlush = true };
return Entry.Run(Environment.GetCommandLineArgs(), new Invocation
{
    Screen = new Screen(output, error, raw, !Console.IsOutputRedirected) { IsWatched = !Console.IsErrorRedirected },
    Input = input,
    Time = TimeProvider.System,
    Load = SliceLoader.LoadSettings,
    LoadSlices = SliceLoader.Load,
    StartDirectory = DirectoryProcess.Start,
    Uid = OwnProcess.User,
    IsTyped = !Console.IsInputRedirected,
});
