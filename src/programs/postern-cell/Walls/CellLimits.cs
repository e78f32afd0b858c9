using Postern.Posix.Processes;

namespace Postern.Cell.Walls;

/// <summary>The limits of the program's processes (getrlimit(2)); soft and hard ones alike, but for processor time.</summary>
internal static class CellLimits
{
    /// <summary>Threads of a program that may be one process: more than any filter needs, too few to trouble the machine.</summary>
    internal const int MaxThreads = 256;

    private const int Cpu = 0;
    private const int FileSize = 1;
    private const int DataSize = 2;
    private const int Stack = 3;
    private const int Core = 4;
    private const int Processes = 6;
    private const int OpenFiles = 7;
    private const int LockedMemory = 8;
    private const int Addresses = 9;
    private const int PendingSignals = 11;
    private const int MessageQueues = 12;
    private const int Niceness = 13;
    private const int RealTime = 14;

    /// <summary>Writes the steps.</summary>
    internal static void Write(StepWriter steps, CellPlan plan)
    {
        steps.Purpose = "limit itself";
        foreach (var (resource, value) in Of(plan))
        {
            var possible = Math.Min(value, OwnProcess.HardLimit(resource));
            // A second later: at the hard limit the kernel kills, and nobody could tell that the time was up (SIGXCPU).
            var hard = resource == Cpu ? Math.Min(value + 1, OwnProcess.HardLimit(resource)) : possible;
            steps.Must(StepCalls.SetLimit, 0, resource, steps.Script.Pin([possible, hard]));
        }
    }

    /// <summary>Each limit.</summary>
    internal static IEnumerable<(int Resource, ulong Value)> Of(CellPlan plan)
    {
        var order = plan.Order;
        yield return (Cpu, (ulong)order.Seconds);
        yield return (DataSize, (ulong)order.Memory);
        yield return (Addresses, (ulong)(order.Reserve ?? order.Memory));
        yield return (Stack, (ulong)Math.Min(order.Memory, 8L << 20));
        yield return (FileSize, 0);
        // 1 and not 0: of a core that goes to a program the kernel asks for this very number, and for no other (core(5)).
        yield return (Core, 1);
        yield return (OpenFiles, 256);
        yield return (LockedMemory, 0);
        yield return (PendingSignals, 256);
        yield return (MessageQueues, 0);
        yield return (Niceness, 0);
        yield return (RealTime, 0);
        if (plan.CountsProcesses)
        {
            // The one that waits for the program's end is of the same user.
            yield return (Processes, (ulong)(order.Processes > 0 ? order.Processes : MaxThreads) + 1);
        }
    }
}
