using System.CommandLine;
using Postern.CommandLine.Server;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern check</c>: has postern-config judge the configuration; its words and its exit code are the answer.</summary>
internal static class CheckCommand
{
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
        string[] arguments = invocation.Screen.Json
            ? ["postern-config", "--check", "--json", file] : ["postern-config", "--check", file];
        var code = ChildProgram.Run(ChildProgram.Beside("postern-config"), arguments, [input.Number, -1, -1]);
        if (code == ExitCode.Success && !invocation.Screen.Json)
        {
            invocation.Screen.Line($"{file} is good.");
        }

        return code;
    }
}
