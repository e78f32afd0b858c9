using System.Globalization;
using Postern.Posix.Processes;

namespace Postern.CommandLine.Server;

/// <summary>Runs postern-config as posternd does, so that a file is judged by the rights with which the server will read it.</summary>
internal static class ConfigProcess
{
    // What posternd gives it.
    private const string OpenFiles = "64";
    private const string Home = "/var/empty";

    /// <summary>Runs it to its end; the descriptors become its 0, 1, 2, …, negative ones are inherited.</summary>
    /// <returns>Its exit code.</returns>
    internal static int Run(IReadOnlyList<string> arguments, ReadOnlySpan<int> descriptors)
    {
        var program = ChildProgram.Beside("postern-config");
        // A host without nobody runs no server of root's; posternd says so.
        var nobody = OwnProcess.User == 0 ? PasswordFile.Find(File.ReadAllBytes(PasswordFile.Path), "nobody"u8) : null;
        return nobody is null
            ? ChildProgram.Run(program, ["postern-config", .. arguments], descriptors)
            : ChildProgram.Run(ChildProgram.Beside("posternd"), StageArguments(program, nobody, descriptors.Length, arguments), descriptors);
    }

    /// <summary>The arguments with which posternd changes the user and executes a program, as its own stage reads them.</summary>
    internal static string[] StageArguments(string program, SystemUser user, int descriptors, IReadOnlyList<string> arguments) =>
    [
        "posternd", "--stage", program, Text(user.Uid), Text(user.Gid), OpenFiles, Text(descriptors), Text(Environment.ProcessId), Home,
        .. arguments,
    ];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
