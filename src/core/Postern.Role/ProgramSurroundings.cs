using Postern.Ipc.Control;
using Postern.Posix;
using Postern.Posix.Processes;
using Postern.Role.Confining;
using Postern.Role.Logging;

namespace Postern.Role;

/// <summary>What a program finds when it begins: its line to posternd, where its log goes, and how the kernel is made to hold it.</summary>
/// <param name="Control">The control socket.</param>
/// <param name="Log">Takes log lines.</param>
/// <param name="Confine">Closes the walls.</param>
/// <param name="Places">The files that a slice means to let it reach.</param>
internal sealed record ProgramSurroundings(Descriptor Control, LineSink Log, Confine Confine, PlacesOfSlice? Places = null)
{
    /// <summary>Those of a process that posternd started.</summary>
    internal static ProgramSurroundings Ordinary(Confine confine, PlacesOfSlice? places) =>
        new(new Descriptor(ControlPacket.Socket), StandardError.TryWrite, confine, places);
}
