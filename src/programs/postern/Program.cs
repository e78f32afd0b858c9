// postern: the command line of the server; also `sendmail`, `mailq` and `newaliases` when called so.
//
// Reads:      its arguments, a message on standard input, <state>/run/programs, /etc/passwd; the configuration by way of
//             postern-config; for `queue verify` and `queue export` a queue's folder.
// Writes:     standard output and error; the Maildir of `queue export`; `setup users` has useradd write the system's user files.
// Talks to:   queue, over queue.sock (hand a message in) and control.sock (look at and change the queue); a directory of
//             its own for `resolve`.
// Privileges: those of its caller and no more: it is never set-user-id, so hostile arguments gain nothing by it.
using Postern.CommandLine;
using Postern.CommandLine.Output;
using Postern.CommandLine.Resolving;
using Postern.CommandLine.Server;
using Postern.Posix.Processes;

StandardDescriptors.Ensure();
using var input = Console.OpenStandardInput();
using var raw = Console.OpenStandardOutput();
return Entry.Run(Environment.GetCommandLineArgs(), new Invocation
{
    Screen = new Screen(Console.Out, Console.Error, raw, !Console.IsOutputRedirected),
    Input = input,
    Time = TimeProvider.System,
    Load = SliceLoader.LoadSettings,
    LoadSlices = SliceLoader.Load,
    StartDirectory = DirectoryProcess.Start,
    Uid = OwnProcess.User,
});
