using System.CommandLine;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern version</c>.</summary>
internal static class VersionCommand
{
    /// <summary>Builds the command.</summary>
    internal static Command Build(Invocation invocation)
    {
        var command = new Command("version", "Show the version.");
        command.SetAction(_ =>
        {
            var version = typeof(VersionCommand).Assembly.GetName().Version?.ToString(3) ?? "unknown";
            if (invocation.Screen.Json)
            {
                invocation.Screen.WriteJson(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("version", version);
                    writer.WriteEndObject();
                });
            }
            else
            {
                invocation.Screen.Line($"postern {version}");
            }

            return ExitCode.Success;
        });
        return command;
    }
}
