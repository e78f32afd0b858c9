using Postern.Ipc.Control;
using Postern.Posix;
using Postern.Posix.Confining;
using Postern.Posix.Processes;

namespace Postern.Role.Confining;

/// <summary>Closes the walls around a program.</summary>
/// <param name="breach">What it can do all the same; else null.</param>
/// <returns>The walls that stand.</returns>
internal delegate Walls Confine(out string? breach);

/// <summary>The walls around a program that has crossed the threshold: closes the last of them, and tries each.</summary>
internal static class Confinement
{
    private const int FamilyInet = 2;
    private const int FamilyNetlink = 16;
    private const int Stream = 1;
    private const int Raw = 3;

    /// <summary>Closes the walls for good; nothing that comes from outside was read before.</summary>
    /// <param name="declaration">What the program may do.</param>
    /// <param name="standing">The walls that it found behind the threshold.</param>
    /// <param name="breach">What it can do all the same, as the end of "because …"; else null.</param>
    /// <returns>The walls that stand.</returns>
    internal static Walls Enter(Declaration declaration, Walls standing, out string? breach)
    {
        // The kernel's word for these, and not what a variable says.
        var walls = standing & (Walls.Files | Walls.Ports | Walls.Scope);
        walls |= Attempt.RefusesNewPrivileges ? Walls.NoNewPrivileges : Walls.None;
        walls |= Attempt.HasNoCapabilities ? Walls.NoCapabilities : Walls.None;
        _ = OwnProcess.RefuseTracing();
        walls |= Attempt.RefusesTracing ? Walls.NotTraceable : Walls.None;

        // The runtime opens /dev/urandom when it first needs it, and keeps it: now it still can.
        _ = Guid.NewGuid();
        if (Machine.Own is { } machine)
        {
            var rules = CallPolicy.Of(declaration, machine, (uint)Environment.ProcessId);
            walls |= CallFilter.Install(FilterAssembler.Assemble(machine, rules)).Failed ? Walls.None : Walls.SystemCalls;
        }

        breach = Try(declaration, walls);
        return walls;
    }

    /// <summary>Tries what must not be possible behind walls that are said to stand; the errors must be those of the wall.</summary>
    private static string? Try(Declaration declaration, Walls walls)
    {
        List<string> breaches = [];
        void Must(Walls wall, string what, CallResult tried)
        {
            if (walls.HasFlag(wall) && tried.Error is not (Errno.NotPermitted or Errno.NoSystemCall or Errno.AccessDenied))
            {
                breaches.Add(what);
            }
        }

        Must(Walls.Files, "list the root folder", Attempt.OpenFolder("/"));
        Must(Walls.SystemCalls, "open a netlink socket", Attempt.OpenSocket(FamilyNetlink, Raw));
        Must(Walls.SystemCalls, "make memory executable", Attempt.MapExecutable());
        Must(Walls.SystemCalls, "make processes", Attempt.Fork());
        Must(Walls.SystemCalls, "use io_uring", Attempt.OpenRing());
        Must(Walls.Ports, "bind a TCP port", Attempt.OpenSocket(FamilyInet, Stream, bind: true));
        if (!declaration.Sockets.HasFlag(SocketUse.Tcp))
        {
            Must(Walls.SystemCalls, "open a TCP socket", Attempt.OpenSocket(FamilyInet, Stream));
        }

        return breaches.Count == 0 ? null : "it can " + string.Join(", ", breaches);
    }
}
