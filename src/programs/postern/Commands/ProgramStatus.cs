using System.Globalization;
using System.Text.Json;
using Postern.Ipc.Control;
using Postern.Posix.Processes;

namespace Postern.CommandLine.Commands;

/// <summary>One program as posternd's table and the kernel describe it.</summary>
/// <param name="Cells">Name, pid, state, starts, user; then what the kernel says: uid, seccomp, no new privileges, memory.</param>
/// <param name="Walls">The walls around it; none while it does not serve.</param>
internal sealed record ProgramStatus(string[] Cells, Walls Walls)
{
    private const int FieldsOfTable = 6;

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

        return Parse(lines, readPasswords(), KernelFields);
    }

    /// <summary>Takes the table's lines apart.</summary>
    /// <param name="lines">The table.</param>
    /// <param name="passwords">The content of /etc/passwd.</param>
    /// <param name="kernelFields">What the kernel says of a process.</param>
    internal static IReadOnlyList<ProgramStatus> Parse(IEnumerable<string> lines, byte[] passwords, Func<string, IEnumerable<string>> kernelFields) =>
        [.. lines.Select(line => line.Split(' ')).Where(fields => fields.Length == FieldsOfTable)
            .Select(fields => new ProgramStatus([.. fields[..^2], UserName(fields[^2], passwords), .. kernelFields(fields[1])], WallsIn(fields)))];

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

        ProtectionTable.WriteWalls(writer, Walls);
        writer.WriteEndObject();
    }

    // posternd remembers what the last process of a program said until the next says something else.
    private static Walls WallsIn(string[] fields) =>
        fields[2] == "Ready" && int.TryParse(fields[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var walls) ? (Walls)walls : Walls.None;

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
