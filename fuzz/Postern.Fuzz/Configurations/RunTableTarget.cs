using System.Text.Json;
using Postern.CommandLine.Commands;
using Postern.Fuzz.Oracles;
using Postern.Ipc.Control;

namespace Postern.Fuzz.Configurations;

/// <summary>posternd's table of its programs, as the command line reads it: a line of six words is a program, everything else is
/// none, and its form for scripts is JSON that says the same.</summary>
internal static class RunTableTarget
{
    private static readonly string[] s_names = ["program", "pid", "state", "starts", "user", "uid", "seccomp", "no_new_privs", "memory_kb"];

    internal static void Run(ReadOnlySpan<byte> input)
    {
        string[] lines = Demand.Latin(input).Split('\n');
        var programs = ProgramStatus.Parse(lines, [], static pid => ["0", "2", "1", pid]);
        string[][] expected = [.. lines.Select(line => line.Split(' ')).Where(words => words.Length == 6)];
        Demand.Equal(expected.Length, programs.Count, "the programs");
        for (int i = 0; i < expected.Length; i++)
        {
            Demand.Equal(string.Join(' ', expected[i][..5]), string.Join(' ', programs[i].Cells[..5]), "the program");
            Demand.That(programs[i].Walls == Walls.None || expected[i][2] == "Ready", "walls around a program that does not serve");
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream)) programs[i].Write(writer);
            using var document = JsonDocument.Parse(stream.ToArray());
            for (int name = 0; name < s_names.Length; name++)
            {
                var value = document.RootElement.GetProperty(s_names[name]);
                string text = value.ValueKind == JsonValueKind.Number ? $"{value.GetInt64()}" : value.GetString()!;
                // The framework's numbers may begin with zeros, and end in NULs.
                string cell = programs[i].Cells[name];
                Demand.That(text == cell || text == cell.TrimEnd('\0').TrimStart('0').PadLeft(1, '0'), $"another {s_names[name]} in JSON");
            }
        }
    }
}
