using Postern.Posix.Processes;
using Postern.Role.Confining;

namespace Postern.Cell.Walls;

/// <summary>Writes the script of the way into a cell, and remembers what each step is for.</summary>
internal sealed class StepWriter(Machine machine)
{
    /// <summary>AT_FDCWD: paths begin at the current folder.</summary>
    internal const nint Here = -100;

    private readonly List<string> _purposes = [];

    /// <summary>The script so far.</summary>
    internal CallScript Script { get; } = new();

    /// <summary>What the next steps are for, as the end of "it can't …" or "it can …".</summary>
    internal string Purpose { get; set; } = string.Empty;

    /// <summary>What a step is for.</summary>
    internal string PurposeOf(int step) => step >= 0 && step < _purposes.Count ? _purposes[step] : "do what nobody asked for";

    /// <summary>A step that has to succeed; returns its place.</summary>
    internal int Must(SystemCall call, params ReadOnlySpan<nint> arguments) => Add(CallMeaning.Must, call, arguments);

    /// <summary>A step that may fail.</summary>
    internal int Try(SystemCall call, params ReadOnlySpan<nint> arguments) => Add(CallMeaning.Try, call, arguments);

    /// <summary>A step that must not succeed: a wall is tried.</summary>
    internal int Refused(string purpose, SystemCall call, params ReadOnlySpan<nint> arguments)
    {
        Purpose = purpose;
        return Add(CallMeaning.Refused, call, arguments);
    }

    /// <summary>From here on another process goes on, and this one waits for its end.</summary>
    internal void Split() => Add(CallMeaning.Split, StepCalls.Clone, [17]); // SIGCHLD

    private int Add(CallMeaning meaning, SystemCall call, ReadOnlySpan<nint> arguments)
    {
        _purposes.Add(Purpose);
        return Script.Add(meaning, machine.NumberOf(call), arguments);
    }
}
