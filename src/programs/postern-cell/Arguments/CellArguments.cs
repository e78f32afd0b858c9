using System.Text;
using Postern.Text;

namespace Postern.Cell.Arguments;

/// <summary>Reads the command line.</summary>
internal static class CellArguments
{
    /// <summary>A day and a bit: who waits longer does not wait for an answer.</summary>
    internal const int MaxSeconds = 100_000;

    /// <summary>As many as a pid has room for by default on a small machine (kernel.pid_max).</summary>
    internal const int MaxProcesses = 32_768;

    private const int MaxDescriptor = 1023;

    /// <summary>What <c>--help</c> shows.</summary>
    internal const string Usage =
        """
        usage: postern-cell [OPTION]... [--] PROGRAM [ARGUMENT]...
        Runs PROGRAM with standard input, output and error, and nothing else: no network, no files but its own binary
        and libraries, no other processes, limited time, memory and output.

          --seconds N        by the clock, and of processor time (default 60)
          --memory SIZE      for each process (default 512M)
          --reserve SIZE     addresses without memory, for runtimes that reserve many (default: as --memory)
          --output SIZE      to standard output and standard error each (default 100M)
          --processes N      it may make processes and threads, N in all, and execute what it may read
          --read PATH        it may read this file, or what is in this folder; may be repeated
          --env NAME=VALUE   in its environment; may be repeated
          --report FD        writes a line of JSON about the end to this descriptor
          --strict           runs nothing when this system lacks a wall
          --help             this

        SIZE is a number of bytes, or ends in K, M or G. The exit status is the program's, 128 and the signal that ended
        it, or: 64 usage, 66 a file of --read is missing, 71 no walls, 74 output could not be written, 122 too much output,
        123 it failed for want of memory, 124 time is up, 126 PROGRAM can't be executed, 127 there is none,
        159 (128 + SIGSYS) it did what is forbidden.

        """;

    /// <summary>Reads the arguments after the program's own name.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="order">What they say; null when they are wrong.</param>
    /// <param name="problem">What is wrong, for a person.</param>
    internal static bool TryRead(IReadOnlyList<string> arguments, out CellOrder? order, out string problem)
    {
        var read = new CellOrder { Program = string.Empty };
        order = null;
        problem = string.Empty;
        // The runtime has put this in the place of bytes that are not UTF-8: the program would get something else than was given.
        if (arguments.Any(one => one.Contains('\uFFFD', StringComparison.Ordinal)))
        {
            problem = "an argument is not UTF-8";
            return false;
        }

        var at = 0;
        while (at < arguments.Count && arguments[at].StartsWith('-') && arguments[at] != "--")
        {
            var equals = arguments[at].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? arguments[at] : arguments[at][..equals];
            var takesNone = name == "--strict";
            var value = equals >= 0 ? arguments[at][(equals + 1)..] : !takesNone && at + 1 < arguments.Count ? arguments[++at] : null;
            at++;
            if (takesNone ? value is not null : value is null)
            {
                problem = takesNone ? $"{name} takes no value" : $"{name} needs a value, or is unknown";
                return false;
            }

            if (With(read, name, value ?? string.Empty, out problem) is not { } next)
            {
                return false;
            }

            read = next;
        }

        string[] rest = [.. arguments.Skip(at < arguments.Count && arguments[at] == "--" ? at + 1 : at)];
        problem = rest.Length == 0 || rest[0].Length == 0 ? "no program is named" : string.Empty;
        order = read with { Program = rest.FirstOrDefault(string.Empty), Arguments = [.. rest.Skip(1)] };
        return problem.Length == 0;
    }

    private static CellOrder? With(CellOrder order, string name, string value, out string problem)
    {
        problem = string.Empty;
        long number;
        switch (name)
        {
            case "--seconds" when TryNumber(value, 1, MaxSeconds, out number):
                return order with { Seconds = (int)number };
            case "--memory" when TrySize(value, out number):
                return order with { Memory = number };
            case "--reserve" when TrySize(value, out number):
                return order with { Reserve = number };
            case "--output" when value == "0" || TrySize(value, out number):
                return order with { Output = value == "0" ? 0 : Size(value) };
            case "--processes" when TryNumber(value, 1, MaxProcesses, out number):
                return order with { Processes = (int)number };
            case "--read" when value.StartsWith('/') && Path.GetFullPath(value).AsSpan().Trim('/').Length > 0:
                return order with { Readable = [.. order.Readable, value] };
            case "--env" when value.IndexOf('=', StringComparison.Ordinal) > 0:
                return order with { Variables = [.. order.Variables, value] };
            case "--report" when TryNumber(value, 1, MaxDescriptor, out number):
                return order with { Report = (int)number };
            case "--strict":
                return order with { Strict = true };
            case "--seconds" or "--memory" or "--reserve" or "--output" or "--processes" or "--read" or "--env" or "--report":
                problem = name switch
                {
                    "--read" when value.StartsWith('/') => $"{name} {value}: that would be no wall at all",
                    "--read" => $"{name} {value}: not an absolute path",
                    "--env" => $"{name} {value}: not NAME=VALUE",
                    "--seconds" => $"{name} {value}: not a number from 1 to {MaxSeconds}",
                    "--processes" => $"{name} {value}: not a number from 1 to {MaxProcesses}",
                    "--report" => $"{name} {value}: not a descriptor",
                    _ => $"{name} {value}: not a size (as 512M)",
                };
                return null;
            default:
                problem = $"unknown option {name}";
                return null;
        }
    }

    private static bool TryNumber(string text, long least, long most, out long number)
    {
        var read = DecimalText.TryRead(Encoding.ASCII.GetBytes(text), out var value);
        number = read && value <= (ulong)most ? (long)value : -1;
        return number >= least;
    }

    private static bool TrySize(string text, out long size) => (size = Size(text)) > 0;

    /// <summary>The bytes that a size means; −1 for what is none, or more than there are addresses (2^47).</summary>
    internal static long Size(string text)
    {
        const long most = 1L << 47;
        var shift = text.Length == 0 ? 0 : text[^1] switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        return TryNumber(shift == 0 ? text : text[..^1], 1, most >> shift, out var number) ? number << shift : -1;
    }
}
