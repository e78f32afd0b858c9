using System.Globalization;
using Postern.Cell.Arguments;
using Postern.Fuzz.Oracles;

namespace Postern.Fuzz.Cells;

/// <summary>The arguments of postern-cell, separated by NUL: a value means the same behind "=" and in an argument of its own, what was
/// understood is understood the same when it is written out, and what follows the program is the program's.</summary>
internal static class CellArgumentsTarget
{
    private const int MostSeconds = 100_000, MostProcesses = 32_768;
    private const long MostBytes = 1L << 47;

    internal static void Run(ReadOnlySpan<byte> input)
    {
        string[] arguments = [.. Demand.Latin(input).Split('\0')];
        bool read = CellArguments.TryRead(arguments, out var order, out string problem);
        Demand.Equal(read, problem.Length == 0, "a problem");
        Demand.Equal(read, CellArguments.TryRead([.. Apart(arguments)], out var apart, out _), "values in arguments of their own");
        if (!read) return;
        Demand.Equal(Told(order!), Told(apart!), "values in arguments of their own");
        Demand.That(order!.Seconds is > 0 and <= MostSeconds && order.Processes is >= 0 and <= MostProcesses, "a number beyond its limit");
        Demand.That(order.Memory is > 0 and <= MostBytes && order.Reserve is null or (> 0 and <= MostBytes) && order.Output is >= 0 and <= MostBytes, "a size beyond all");
        Demand.That(order.Readable.All(path => path[0] == '/' && Path.GetFullPath(path).Trim('/').Length > 0), "the root folder, or a path from somewhere");
        Demand.That(order.Variables.All(variable => variable.IndexOf('=', StringComparison.Ordinal) > 0), "a variable without a name");
        Demand.That(CellArguments.TryRead(Written(order), out var again, out _), "what was understood, written out");
        Demand.Equal(Told(order), Told(again!), "what was understood, written out");
        string[] behind = [.. arguments, "--strict", "--", "--seconds", "x"];
        Demand.That(CellArguments.TryRead(behind, out var more, out _), "arguments of the program");
        Demand.Equal(Told(order with { Arguments = [.. order.Arguments, "--strict", "--", "--seconds", "x"] }), Told(more!), "arguments of the program");
    }

    private static IEnumerable<string> Apart(string[] arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            bool isOption = argument.StartsWith('-') && argument != "--";
            if (!isOption)
            {
                foreach (string rest in arguments[i..]) yield return rest;
                yield break;
            }
            // Without a value they would take the next argument for it.
            if (equals <= 2 || argument.StartsWith("--strict", StringComparison.Ordinal))
            {
                yield return argument;
                if (argument != "--strict" && equals < 0 && i + 1 < arguments.Length) yield return arguments[++i];
                continue;
            }
            yield return argument[..equals];
            yield return argument[(equals + 1)..];
        }
    }

    private static string[] Written(CellOrder order) =>
    [
        "--seconds", Text(order.Seconds), "--memory", Text(order.Memory), .. order.Reserve is { } reserve ? ["--reserve", Text(reserve)] : Array.Empty<string>(),
        "--output", Text(order.Output), .. order.Processes > 0 ? ["--processes", Text(order.Processes)] : Array.Empty<string>(),
        .. order.Readable.Select(path => $"--read={path}"), .. order.Variables.Select(variable => $"--env={variable}"),
        .. order.Report is { } report ? ["--report", Text(report)] : Array.Empty<string>(), .. order.Strict ? ["--strict"] : Array.Empty<string>(),
        "--", order.Program, .. order.Arguments,
    ];

    private static string Told(CellOrder order) => string.Join('|', Written(order));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
