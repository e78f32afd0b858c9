using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Postern.CommandLine.Output;
using Postern.CommandLine.Server;
using Postern.Ipc.Administration;
using Postern.Ipc.Submission;
using Postern.Posix.Processes;

namespace Postern.CommandLine.Commands;

/// <summary><c>postern status</c>: the programs with their protection, and the queue in numbers.</summary>
internal static class StatusCommand
{
    private static readonly string[] _heads = ["PROGRAM", "PID", "STATE", "STARTS", "USER", "UID", "SECCOMP", "NO NEW PRIVS", "MEMORY KB"];

    /// <summary>Builds the command.</summary>
    internal static Command Build(GlobalOptions options, Invocation invocation)
    {
        var command = new Command("status", "Show the programs and the queue in numbers.");
        command.SetAction(parsed => Run(invocation, parsed.GetValue(options.Configuration)!));
        return command;
    }

    private static int Run(Invocation invocation, string file)
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

/// <summary>One program as posternd's table and the kernel describe it.</summary>
/// <param name="Cells">Name, pid, state, starts, user; then what the kernel says: uid, seccomp, no new privileges, memory.</param>
internal sealed record ProgramStatus(string[] Cells)
{
    private const int FieldsOfTable = 5;

    private static readonly string[] _names =
        ["program", "pid", "state", "starts", "user", "uid", "seccomp", "no_new_privs", "memory_kb"];

    private static readonly string[] _kernelFields = ["Uid:", "Seccomp:", "NoNewPrivs:", "VmRSS:"];

    /// <summary>Reads the table; a line that is none is left out.</summary>
    /// <param name="file">The table.</param>
    /// <param name="readPasswords">Reads /etc/passwd: without root the table has the caller's number, and people know names.</param>
    internal static IReadOnlyList<ProgramStatus> ReadTable(string file, Func<byte[]> readPasswords)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }

        var passwords = readPasswords();
        return [.. lines.Select(line => line.Split(' ')).Where(fields => fields.Length == FieldsOfTable)
            .Select(fields => new ProgramStatus([.. fields[..^1], UserName(fields[^1], passwords), .. KernelFields(fields[1])]))];
    }

    /// <summary>Writes it as a JSON object.</summary>
    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        for (var i = 0; i < _names.Length; i++)
        {
            if (long.TryParse(Cells[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                writer.WriteNumber(_names[i], number);
            }
            else
            {
                writer.WriteString(_names[i], Cells[i]);
            }
        }

        writer.WriteEndObject();
    }

    private static string UserName(string user, byte[] passwords) =>
        uint.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var uid) && PasswordFile.Find(passwords, uid) is { } found
            ? found.Name : user;

    private static IEnumerable<string> KernelFields(string pid)
    {
        string[] lines = [];
        try
        {
            lines = uint.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{number}/status")) : lines;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or /proc hides it from us: the columns show that nothing is known.
        }

        return _kernelFields.Select(name => lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? line[name.Length..].Trim().Split('\t', ' ')[0] : "-");
    }
}
