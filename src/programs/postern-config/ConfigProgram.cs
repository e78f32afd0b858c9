using System.Text;
using Postern.Config.Errors;
using Postern.Config.Files;
using Postern.Config.Sections;
using Postern.Config.Slicing;
using Postern.Config.Toml;
using Postern.Ipc.Control;
using Postern.Posix.Polling;
using Postern.Posix.Processes;

namespace Postern.Config;

/// <summary>postern-config: turns the configuration file into one validated slice per program.</summary>
/// <remarks>
/// Reads: standard input (the configuration, opened by posternd), the aliases file that it names, /etc/resolv.conf.
/// Writes: the slices to descriptors 3 to 10, errors to standard error.
/// Talks to: nobody.
/// Privileges: none; runs as nobody, ends when done. Text is parsed here so that no program that stays has to.
/// </remarks>
internal static class ConfigProgram
{
    private const int FirstSlice = 3;

    // After sysexits.h.
    private const int Success = 0;
    private const int Usage = 64;
    private const int NoInput = 66;
    private const int InputOutput = 74;
    private const int Wrong = 78;
    private const int MissingWall = 71;

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="missing">The walls that this system does not have.</param>
    /// <returns>Its exit code.</returns>
    internal static int Run(string[] arguments, Walls missing)
    {
        if (CommandLine.Read(arguments) is not { } asked)
        {
            Say(CommandLine.Usage);
            return Usage;
        }

        if (!TryReadInput(out var input))
        {
            Say($"{asked.File}: can't be read");
            return NoInput;
        }

        var errors = new ErrorList();
        var read = ConfigurationReader.ReadAny(asked.File, input, new SystemFiles(), errors);
        if (asked.Lenient && !errors.IsEmpty && read is { IsSure: true } && TryWrite(SliceSet.Cut(read.Configuration)))
        {
            return Wrong;
        }

        if (asked.Json)
        {
            Write(new StandardStream(1), ErrorReport.Json(asked.File, errors));
        }
        else if (!errors.IsEmpty || (errors.HasWarnings && !asked.Lenient))
        {
            Write(new StandardStream(2), ErrorReport.Text(asked.File, errors));
        }

        if (read is null || !errors.IsEmpty)
        {
            return Wrong;
        }

        // Whoever is lenient wants to know where the server keeps its things, and starts none.
        if (read.Configuration.Strict && missing != Walls.None && !asked.Lenient)
        {
            Say($"{asked.File}: [security] strict = true, and this system lacks: {WallNames.Of(missing)}");
            return MissingWall;
        }

        return asked.CheckOnly || TryWrite(SliceSet.Cut(read.Configuration)) ? Success : InputOutput;
    }

    /// <summary>Reads standard input to its end, or to where it is too long for any configuration.</summary>
    private static bool TryReadInput(out byte[] input)
    {
        input = [];
        var buffer = new byte[64 * 1024];
        var length = 0;
        while (length <= TomlSource.MaxBytes)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            // Not the console's stream: that duplicates the descriptor and asks whether it is a terminal.
            var read = DescriptorBytes.Read(0, buffer.AsSpan(length));
            if (read.WouldBlock)
            {
                _ = DescriptorPoll.WaitReadable([0], new bool[1], -1);
                continue;
            }

            if (read.Failed)
            {
                return false;
            }

            if (read.Value == 0)
            {
                break;
            }

            length += read.Value;
        }

        input = buffer[..length];
        return true;
    }

    private static bool TryWrite(IReadOnlyList<byte[]> slices)
    {
        for (var i = 0; i < slices.Count; i++)
        {
            // Started by hand without the descriptors, these numbers may be the runtime's own: look before writing.
            var result = MemoryFile.ReadAll(FirstSlice + i, 0, out _);
            result = result.Failed ? result : MemoryFile.Append(FirstSlice + i, slices[i]);
            if (result.Failed)
            {
                Say($"descriptor {FirstSlice + i} does not take a slice: {result}; posternd starts this program, and --check works alone");
                return false;
            }
        }

        return true;
    }

    private static void Say(string line) => Write(new StandardStream(2), Encoding.ASCII.GetBytes(Printable.Line($"postern-config: {line}") + "\n"));

    private static void Write(Stream stream, byte[] bytes)
    {
        try
        {
            using (stream)
            {
                stream.Write(bytes);
            }
        }
        catch (IOException)
        {
            // Nobody listens; the exit code still says it.
        }
    }
}
