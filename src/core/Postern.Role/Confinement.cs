using Postern.Posix.Processes;

namespace Postern.Role;

/// <summary>What a program needs of the system, said once at its entry point.</summary>
/// <remarks>
/// This is the one place where the kernel is asked to hold a program to its declaration. So far: no new privileges, no
/// tracing by others of the same user. System-call and file filters will be entered here, after everything was opened
/// and before the first foreign byte is read.
/// </remarks>
/// <param name="Files">True when the program opens files after its start.</param>
/// <param name="OutboundNetwork">True when it connects to other hosts.</param>
public sealed record Confinement(bool Files, bool OutboundNetwork)
{
    /// <summary>Enters the confinement; it can't be left.</summary>
    /// <returns>The protections in force, for the log.</returns>
    public static string Enter()
    {
        var privileges = !OwnProcess.RefuseNewPrivileges().Failed;
        var tracing = !OwnProcess.RefuseTracing().Failed;
        return (privileges ? "no-new-privileges" : "-") + "," + (tracing ? "not-traceable" : "-");
    }
}
