using System.CommandLine;
using System.Text.Json;
using Postern.CommandLine.Output;
using Postern.CommandLine.Server;
using Postern.Ipc.Administration;
using Postern.Ipc.Submission;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern status</c>: the programs with their protection, and the queue in numbers.</summary>
internal static class StatusCommand
{
    private static readonly string[] _heads = ["PROGRAM", "PID", "STATE", "STARTS", "USER", "UID", "SECCOMP", "NO NEW PRIVS", "MEMORY KB"];

    /// <summary>Builds the command.</summary>
    internal static Command Build(GlobalOptions options, Invocation invocation)
    {
        var command = new Command("status", "Show the programs and the queue in numbers.");
        var protection = new Option<bool>("--protection") { Description = "Show which walls the kernel holds around each program." };
        command.Add(protection);
        command.SetAction(parsed => Run(invocation, parsed.GetValue(options.Configuration)!, parsed.GetValue(protection)));
        return command;
    }

    private static int Run(Invocation invocation, string file, bool protection)
    {
        var settings = invocation.Load(file);
        // The queue first: when it is down, the table is what the last posternd left behind.
        using var connection = FrameConnection.Open(settings.ControlSocket);
        var status = new QueueAdministration(connection).Status();
        var programs = ProgramStatus.ReadTable(settings.ProgramsFile, invocation.ReadPasswords);
        if (!settings.IsFileRight)
        {
            invocation.Screen.Complain($"{file} has errors (see: postern check); the server goes by what it read before");
        }

        if (protection)
        {
            ProtectionTable.Show(invocation.Screen, programs);
            return ExitCode.Success;
        }

        if (invocation.Screen.Json)
        {
            invocation.Screen.WriteJson(writer => Write(writer, status, programs));
            return ExitCode.Success;
        }

        invocation.Screen.Table(_heads, [.. programs.Select(program => program.Cells)]);
        invocation.Screen.Line(string.Empty);
        foreach (var (name, value) in Numbers(status))
        {
            invocation.Screen.Line($"{name.Replace('_', ' '),-14}{value}");
        }

        invocation.Screen.Line($"{"oldest",-14}{Shown.Moment(status.OldestArrived)}");
        invocation.Screen.Line($"{"condition",-14}{Name(status.Condition)}");
        return ExitCode.Success;
    }

    private static void Write(Utf8JsonWriter writer, StatusFrame status, IReadOnlyList<ProgramStatus> programs)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("programs");
        foreach (var program in programs)
        {
            program.Write(writer);
        }

        writer.WriteEndArray();
        writer.WriteStartObject("queue");
        writer.WriteString("condition", Name(status.Condition));
        foreach (var (name, value) in Numbers(status))
        {
            writer.WriteNumber(name, value);
        }

        writer.WriteNumber("oldest_arrived", status.OldestArrived);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static (string Name, ulong Value)[] Numbers(StatusFrame status) =>
    [
        ("messages", status.Messages),
        ("recipients", status.Recipients),
        ("deferred", status.Deferred),
        ("held", status.Held),
        ("active", status.Active),
        ("accepted", status.Accepted),
        ("delivered", status.Delivered),
        ("failed", status.Failed),
        ("log_bytes", status.LogBytes),
    ];

    /// <summary>The name of a condition.</summary>
    internal static string Name(QueueCondition condition) => condition switch
    {
        QueueCondition.Accepting => "accepting",
        QueueCondition.Full => "full",
        _ => "draining",
    };
}
