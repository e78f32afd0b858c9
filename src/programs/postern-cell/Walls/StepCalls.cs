using Postern.Role.Confining;

namespace Postern.Cell.Walls;

/// <summary>The system calls of which the way into a cell is made.</summary>
internal static class StepCalls
{
    internal static readonly SystemCall Capset = new("capset", 126, 91);
    internal static readonly SystemCall Chdir = new("chdir", 80, 49);
    internal static readonly SystemCall Clone = new("clone", 56, 220);
    internal static readonly SystemCall Close = new("close", 3, 57);
    internal static readonly SystemCall CloseRange = new("close_range", 436, 436);
    internal static readonly SystemCall Dup3 = new("dup3", 292, 24);
    internal static readonly SystemCall Execve = new("execve", 59, 221);
    internal static readonly SystemCall GetPid = new("getpid", 39, 172);
    internal static readonly SystemCall MakeFolder = new("mkdirat", 258, 34);
    internal static readonly SystemCall MakeFile = new("mknodat", 259, 33);
    internal static readonly SystemCall Mount = new("mount", 165, 40);
    internal static readonly SystemCall MountAttributes = new("mount_setattr", 442, 442);
    internal static readonly SystemCall MoveMount = new("move_mount", 429, 429);
    internal static readonly SystemCall OpenAt = new("openat", 257, 56);
    internal static readonly SystemCall OpenTree = new("open_tree", 428, 428);
    internal static readonly SystemCall PivotRoot = new("pivot_root", 155, 41);
    internal static readonly SystemCall Prctl = new("prctl", 157, 167);
    internal static readonly SystemCall RestrictSelf = new("landlock_restrict_self", 446, 446);
    internal static readonly SystemCall Ring = new("io_uring_setup", 425, 425);
    internal static readonly SystemCall Seccomp = new("seccomp", 317, 277);
    internal static readonly SystemCall SetGroups = new("setgroups", 116, 159);
    internal static readonly SystemCall SetHostName = new("sethostname", 170, 161);
    internal static readonly SystemCall SetLimit = new("prlimit64", 302, 261);
    internal static readonly SystemCall SetResGid = new("setresgid", 119, 149);
    internal static readonly SystemCall SetResUid = new("setresuid", 117, 147);
    internal static readonly SystemCall SetSession = new("setsid", 112, 157);
    internal static readonly SystemCall SignalAction = new("rt_sigaction", 13, 134);
    internal static readonly SystemCall SignalMask = new("rt_sigprocmask", 14, 135);
    internal static readonly SystemCall Socket = new("socket", 41, 198);
    internal static readonly SystemCall Umask = new("umask", 95, 166);
    internal static readonly SystemCall Unmount = new("umount2", 166, 39);
    internal static readonly SystemCall Kill = new("kill", 62, 129);
    internal static readonly SystemCall Wait = new("wait4", 61, 260);
    internal static readonly SystemCall Write = new("write", 1, 64);

    /// <summary>All of them.</summary>
    internal static readonly SystemCall[] All =
    [
        Capset, Chdir, Clone, Close, CloseRange, Dup3, Execve, GetPid, MakeFolder, MakeFile, Mount, MountAttributes, MoveMount, OpenAt, OpenTree,
        PivotRoot, Prctl, RestrictSelf, Ring, Seccomp, SetGroups, SetHostName, SetLimit, SetResGid, SetResUid, SetSession, SignalAction,
        SignalMask, Socket, Umask, Unmount, Kill, Wait, Write,
    ];
}
