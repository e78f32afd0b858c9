using Postern.Ipc.Control;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Role.Logging;

namespace Postern.Role;

/// <summary>What a program finds when it begins: its line to posternd, where its log goes, and how the kernel is made to hold it.</summary>
/// <param name="Control">The control socket.</param>
/// <param name="Log">Takes log lines.</param>
/// <param name="Confine">Enters the confinement and names the protections in force.</param>
internal sealed record ProgramSurroundings(Descriptor Control, LineSink Log, Func<string> Confine)
{
    /// <summary>Those of a process that posternd started.</summary>
    internal static ProgramSurroundings Ordinary() => new(new Descriptor(ControlPacket.Socket), StandardError.TryWrite, Confinement.Enter);
}
