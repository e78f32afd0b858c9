using System.Runtime.InteropServices;
using System.Text;
using Postern.Cell.Arguments;
using Postern.Cell.Programs;
using Postern.Cell.Running;
using Postern.Posix.Processes;
using Postern.Role.Confining;

namespace Postern.Cell;

/// <summary>What the program does between its command line and its exit code.</summary>
internal static class Entry
{
    private const int Output = 1;
    private const int Error = 2;

    /// <summary>Runs a program in a cell.</summary>
    /// <param name="arguments">The arguments after our own name.</param>
    /// <param name="given">Which of the descriptors 0, 1 and 2 the caller gave us.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(IReadOnlyList<string> arguments, ReadOnlySpan<bool> given)
    {
        if (arguments is ["--help" or "-h", ..])
        {
            Say(Output, CellArguments.Usage);
            return 0;
        }

        if (!CellArguments.TryRead(arguments, out var order, out var problem))
        {
            return Complain($"{problem}; see postern-cell --help", EndCode.Usage);
        }

        if (order!.Report is { } report && !OwnProcess.HasInherited(report))
        {
            return Complain($"--report {report}: there is no such descriptor", EndCode.Usage);
        }

        if (order.Readable.FirstOrDefault(path => !Path.Exists(path)) is { } absent)
        {
            return Complain($"--read {absent}: there is no such file", EndCode.NoInput);
        }

        if (Machine.Own is not { } machine)
        {
            return Complain("there are no walls for this processor", EndCode.NoWalls);
        }

        var search = new ProgramSearch(ReadOnlyFile.ReadHead, RuntimeInformation.ProcessArchitecture == Architecture.Arm64);
        var code = search.TryFind(order.Program, order.Arguments, out var found, out problem);
        return found is null ? Complain(problem, code) : Run(order, ByItsRealName(found), machine, given);
    }

    private static int Run(CellOrder order, FoundProgram found, Machine machine, ReadOnlySpan<bool> given)
    {
        var began = TimeProvider.System.GetTimestamp();
        var cell = new Running.Cell(order, found, machine, message => Complain(message, 0));
        var end = cell.Run(given, out var relays, out var peak);
        if (order.Report is { } report)
        {
            var took = (long)TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
            _ = DescriptorBytes.Write(report, ReportLine.Of(end, relays, peak, took, cell.Missing));
        }

        return end.Message.Length == 0 ? end.Code : Complain($"{order.Program}: {end.Message}", end.Code);
    }

    // A link may lead through folders that the cell does not have.
    private static FoundProgram ByItsRealName(FoundProgram found)
    {
        var program = found.Executed[0];
        var real = program.Open is { } open ? ReadOnlyFile.PathOf(open) ?? program.Path : program.Path;
        return found with { Path = real, Executed = [program with { Path = real }, .. found.Executed] };
    }

    private static int Complain(string message, int code)
    {
        // Names are the caller's, and he may have them from somewhere: none is to steer a terminal.
        Say(Error, $"postern-cell: {string.Concat(message.Select(one => char.IsControl(one) ? '?' : one))}\n");
        return code;
    }

    private static void Say(int descriptor, string text)
    {
        if (OwnProcess.HasInherited(descriptor))
        {
            _ = DescriptorBytes.Write(descriptor, Encoding.UTF8.GetBytes(text));
        }
    }
}
