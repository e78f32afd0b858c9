namespace Postern.Ipc.Control;

/// <summary>The walls that the kernel may put around a program; the bits stand on the wire and in posternd's table.</summary>
[Flags]
public enum Walls
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Executing a file gives no rights.</summary>
    NoNewPrivileges = 1,

    /// <summary>Nobody of the same user may trace it, read its memory, or find a core of it.</summary>
    NotTraceable = 2,

    /// <summary>It has no capability and can get none.</summary>
    NoCapabilities = 4,

    /// <summary>System calls that were not declared are refused, the worst of them by its end (seccomp).</summary>
    SystemCalls = 8,

    /// <summary>Files that were not declared can't be opened (Landlock).</summary>
    Files = 16,

    /// <summary>TCP ports that were not declared can't be bound or connected to (Landlock, Linux 6.7).</summary>
    Ports = 32,

    /// <summary>No signals to others and no abstract sockets of others (Landlock, Linux 6.12).</summary>
    Scope = 64,

    /// <summary>All of them.</summary>
    All = NoNewPrivileges | NotTraceable | NoCapabilities | SystemCalls | Files | Ports | Scope,
}

/// <summary>Names walls for logs and tables.</summary>
public static class WallNames
{
    /// <summary>Each wall with its name.</summary>
    public static readonly IReadOnlyList<(Walls Wall, string Name)> Each =
    [
        (Walls.NoNewPrivileges, "no-new-privileges"),
        (Walls.NotTraceable, "not-traceable"),
        (Walls.NoCapabilities, "no-capabilities"),
        (Walls.SystemCalls, "system-calls"),
        (Walls.Files, "files"),
        (Walls.Ports, "ports"),
        (Walls.Scope, "scope"),
    ];

    /// <summary>Their names, with commas between; "-" for none.</summary>
    public static string Of(Walls walls) => walls == Walls.None ? "-"
        : string.Join(',', Each.Where(each => walls.HasFlag(each.Wall)).Select(each => each.Name));
}
