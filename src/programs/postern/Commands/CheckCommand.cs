using System.CommandLine;
using System.Text;
using Postern.CommandLine.Output;
using Postern.CommandLine.Server;
using Postern.Posix.Processes;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern check</c>: has postern-config judge the configuration; its words and its exit code are the answer.</summary>
internal static class CheckCommand
{
    /// <summary>Twice what 500 errors and 500 warnings of the longest kind take.</summary>
    private const int MaxWords = 4 * 1024 * 1024;

    /// <summary>Builds the command.</summary>
    internal static Command Build(GlobalOptions options, Invocation invocation)
    {
        var command = new Command("check", "Check the configuration; every error is shown.");
        command.SetAction(parsed => Run(invocation, parsed.GetValue(options.Configuration)!));
        return command;
    }

    private static int Run(Invocation invocation, string file)
    {
        using var input = SliceLoader.Open(file);
        if (invocation.Screen.Json)
        {
            return ConfigProcess.Run(["--check", "--json", file], [input.Number, -1, -1]);
        }

        if (MemoryFile.Create(out var words).Failed)
        {
            throw new CommandFailure(ExitCode.SystemError, "no memory file for the errors");
        }

        using (words)
        {
            var code = ConfigProcess.Run(["--check", file], [input.Number, -1, words!.Number]);
            _ = MemoryFile.ReadAll(words.Number, MaxWords, out var said);
            Tell(invocation.Screen, file, code, Encoding.UTF8.GetString(said));
            return code;
        }
    }

    /// <summary>Passes on what postern-config said; what is right with warnings is not called good.</summary>
    internal static void Tell(Screen screen, string file, int code, string said)
    {
        screen.Report(said);
        if (code == ExitCode.Success)
        {
            screen.Line(said.Length == 0 ? $"{file} is good." : $"{file} can be used; what stands in the warnings is hardly meant.");
        }
    }
}
