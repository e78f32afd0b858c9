using Postern.Posix;
using Postern.Posix.Processes;

namespace Postern.CommandLine.Server;

/// <summary>Runs another program to its end.</summary>
internal static class ChildProgram
{
    /// <summary>The environment of what we start: a variable that steers a library must not steer another program.</summary>
    internal static readonly IReadOnlyList<string> Variables = ["HOME=/var/empty", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DOTNET_EnableDiagnostics=0"];

    /// <summary>The path of a program of Postern: all stand in one folder.</summary>
    internal static string Beside(string name) => Path.Join(Path.GetDirectoryName(Environment.ProcessPath), name);

    /// <summary>Runs it; the descriptors become its 0, 1, 2, …, negative ones are inherited.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="CommandFailure">It could not be started or was killed.</exception>
    internal static int Run(string path, IReadOnlyList<string> arguments, ReadOnlySpan<int> descriptors)
    {
        var started = ProcessStart.Spawn(path, arguments, Variables, descriptors);
        if (started.Failed)
        {
            throw new CommandFailure(ExitCode.SystemError, $"{path} could not be started: {Errno.Describe(started.Error)}");
        }

        var reaped = ChildProcess.Reap(started.Value, wait: true, out var end);
        return !reaped.Failed && end.Exited ? end.ExitCode
            : throw new CommandFailure(ExitCode.Software, $"{path} ended with {end}");
    }
}
