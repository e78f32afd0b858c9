using System.Text.Json;
using Postern.CommandLine.Output;
using Postern.Ipc.Control;

namespace Postern.CommandLine.Commands;

/// <summary>Which walls stand around which program: <c>postern status --protection</c>.</summary>
internal static class ProtectionTable
{
    /// <summary>Shows it: a row for each program, a column for each wall.</summary>
    internal static void Show(Screen screen, IReadOnlyList<ProgramStatus> all)
    {
        // posternd puts them around the others, and has none.
        var programs = all.Where(program => program.Cells[0] != "posternd").ToList();
        if (screen.Json)
        {
            screen.WriteJson(writer => Write(writer, programs));
            return;
        }

        string[] heads = ["PROGRAM", "USER", .. WallNames.Each.Select(each => each.Name.Replace('-', ' ').ToUpperInvariant())];
        screen.Table(heads, [.. programs.Select(Row)]);
        if (programs.Any(program => program.Walls != Walls.All))
        {
            screen.Line(string.Empty);
            screen.Line("NO: this system does not have it, or the program is not running; its log says more (docs/protection.md).");
        }
    }

    /// <summary>Writes the walls of one program into a JSON object.</summary>
    internal static void WriteWalls(Utf8JsonWriter writer, Walls walls)
    {
        writer.WriteStartObject("walls");
        foreach (var (wall, name) in WallNames.Each)
        {
            writer.WriteBoolean(name.Replace('-', '_'), walls.HasFlag(wall));
        }

        writer.WriteEndObject();
    }

    private static string[] Row(ProgramStatus program) =>
        [program.Cells[0], program.Cells[4], .. WallNames.Each.Select(each => program.Walls.HasFlag(each.Wall) ? "yes" : "NO")];

    private static void Write(Utf8JsonWriter writer, List<ProgramStatus> programs)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("programs");
        foreach (var program in programs)
        {
            writer.WriteStartObject();
            writer.WriteString("program", program.Cells[0]);
            writer.WriteString("user", program.Cells[4]);
            WriteWalls(writer, program.Walls);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
