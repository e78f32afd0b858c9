using Postern.Posix.Processes;

namespace Postern.Cell.Running;

/// <summary>What ended a program.</summary>
internal enum EndCause
{
    /// <summary>It did, or a signal of its own.</summary>
    Itself,

    /// <summary>Its time was up.</summary>
    Time,

    /// <summary>It wrote too much.</summary>
    Output,

    /// <summary>It failed, and had so much memory that this is the likely reason.</summary>
    Memory,

    /// <summary>It did what is forbidden.</summary>
    Forbidden,

    /// <summary>It could not be executed.</summary>
    NotExecuted,

    /// <summary>A wall could not be put up, or did not hold.</summary>
    Walls,

    /// <summary>Its output could not be written.</summary>
    Writing,
}

/// <summary>How a cell ended: its exit code, and the line that says why.</summary>
/// <param name="Cause">What ended the program.</param>
/// <param name="Code">The exit code of the cell.</param>
/// <param name="Message">For a person; empty when the program ended as it wanted.</param>
internal sealed record CellEnd(EndCause Cause, int Code, string Message)
{
    /// <summary>SIGSYS, which a filter of system calls sends.</summary>
    internal const int SignalCall = 31;

    private const int SignalAbort = 6;
    private const int SignalBus = 7;
    private const int SignalKill = 9;
    private const int SignalSegment = 11;
    private const int SignalCpu = 24;
    private const int BytesPerKibibyte = 1024;

    /// <summary>Judges the end of a program that came by itself, as far as we know.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="peak">The largest resident set that it had, in KiB.</param>
    /// <param name="memory">The limit of its memory, in bytes.</param>
    internal static CellEnd Of(ProcessEnd end, long peak, long memory)
    {
        // No limit of memory ends a program: it is refused more, and goes on or not. Who had half of it and failed was probably refused.
        var wasLarge = peak >= memory / 2 / BytesPerKibibyte;
        if (end.Exited)
        {
            return new CellEnd(EndCause.Itself, end.ExitCode, end.ExitCode != 0 && wasLarge ? Large(peak, memory) : string.Empty);
        }

        return end.Signal switch
        {
            SignalCpu => OfTime("processor time"),
            SignalCall => new CellEnd(EndCause.Forbidden, EndCode.Signalled + SignalCall, "ended: it made a system call that ends a program here"),
            SignalAbort or SignalBus or SignalKill or SignalSegment when wasLarge => new CellEnd(EndCause.Memory, EndCode.MemoryLimit, Large(peak, memory)),
            _ => new CellEnd(EndCause.Itself, EndCode.Signalled + end.Signal, $"ended by signal {end.Signal}"),
        };
    }

    /// <summary>The end of a program whose time was up.</summary>
    internal static CellEnd OfTime(string kind) => new(EndCause.Time, EndCode.TimeLimit, $"ended: its {kind} was up");

    /// <summary>The end of a program that wrote too much.</summary>
    internal static CellEnd OfOutput(string stream, long limit) => new(EndCause.Output, EndCode.OutputLimit, $"ended: it wrote more than {limit} bytes to {stream}");

    private static string Large(long peak, long memory) =>
        $"it failed with {peak / BytesPerKibibyte} MiB of at most {memory / BytesPerKibibyte / BytesPerKibibyte} MiB of memory";
}
