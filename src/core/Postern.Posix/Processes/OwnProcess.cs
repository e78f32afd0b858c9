namespace Postern.Posix.Processes;

/// <summary>Changes this process's own identity and limits.</summary>
public static unsafe class OwnProcess
{
    // fcntl's F_GETFD and its only flag.
    private const int GetFlags = 1;
    private const int CloseOnExec = 1;

    public const int LimitOpenFiles = 7;
    public const int LimitCore = 4;
    public const int LimitThreadsOfUser = 6;
    public const int LimitLockedMemory = 8;
    public const int LimitMessageQueues = 12;

    private const int SetParentDeathSignal = 1;
    private const int SetNoNewPrivileges = 38;
    private const int SetDumpable = 4;

    /// <summary>The effective user.</summary>
    public static uint User => ProcessCalls.EffectiveUser();

    /// <summary>The effective group.</summary>
    public static uint Group => ProcessCalls.EffectiveGroup();

    /// <summary>The parent's process id.</summary>
    public static int Parent => ProcessCalls.Parent();

    /// <summary>Becomes another user for good: no further groups, real, effective and saved ids alike.</summary>
    /// <remarks>glibc's calls change every thread; the raw system calls would change one (setxid broadcast).</remarks>
    public static CallResult BecomeUser(uint uid, uint gid)
    {
        if (ProcessCalls.SetGroups(0, null) < 0)
        {
            return CallResult.From(-1);
        }

        return ProcessCalls.SetGroup(gid, gid, gid) < 0 ? CallResult.From(-1) : CallResult.From(ProcessCalls.SetUser(uid, uid, uid));
    }

    /// <summary>Leaves the session and the process group that we were born into: a terminal's signals no longer come here.</summary>
    public static CallResult LeaveSession() => CallResult.From(ProcessCalls.NewSession());

    /// <summary>Closes every descriptor from <paramref name="first"/> up.</summary>
    public static CallResult CloseFrom(int first) => CallResult.From(ProcessCalls.CloseRange((uint)first, uint.MaxValue, 0));

    /// <summary>Sets soft and hard limit of a resource.</summary>
    public static CallResult SetLimit(int resource, ulong value)
    {
        var pair = stackalloc ulong[2];
        pair[0] = value;
        pair[1] = value;
        return CallResult.From(ProcessCalls.SetLimit(resource, pair));
    }

    /// <summary>The hard limit of a resource, beyond which only root gets.</summary>
    public static ulong HardLimit(int resource)
    {
        var pair = stackalloc ulong[2];
        return ProcessCalls.GetLimit(resource, pair) < 0 ? ulong.MaxValue : pair[1];
    }

    /// <summary>True for a descriptor that whoever started this program handed over: none of those can be close-on-exec.</summary>
    /// <remarks>A number that was closed then may be taken by now: the runtime opens files of its own before any code of ours runs.</remarks>
    public static bool HasInherited(int fd) => ProcessCalls.FileControl(fd, GetFlags, 0) is >= 0 and var flags && (flags & CloseOnExec) == 0;

    /// <summary>Lifts the soft limit of a resource to at most <paramref name="wanted"/>, as far as the hard limit lets.</summary>
    public static CallResult LiftLimit(int resource, ulong wanted)
    {
        var pair = stackalloc ulong[2];
        if (ProcessCalls.GetLimit(resource, pair) < 0)
        {
            return CallResult.From(-1);
        }

        pair[0] = Math.Min(wanted, pair[1]);
        return CallResult.From(ProcessCalls.SetLimit(resource, pair));
    }

    /// <summary>Makes the soft limit of a resource the hard one, too: it can't be lifted again.</summary>
    public static CallResult FixLimit(int resource)
    {
        var pair = stackalloc ulong[2];
        return ProcessCalls.GetLimit(resource, pair) < 0 ? CallResult.From(-1) : SetLimit(resource, pair[0]);
    }

    /// <summary>Asks for SIGKILL when the thread that started us ends; a change of user clears it, so call it after.</summary>
    public static CallResult DieWithParent() =>
        CallResult.From(ProcessCalls.Control(SetParentDeathSignal, ChildProcess.SignalKill, 0, 0, 0));

    /// <summary>Gives up gaining rights by executing a file.</summary>
    public static CallResult RefuseNewPrivileges() => CallResult.From(ProcessCalls.Control(SetNoNewPrivileges, 1, 0, 0, 0));

    /// <summary>Keeps others of the same user from tracing us and reading our memory.</summary>
    public static CallResult RefuseTracing() => CallResult.From(ProcessCalls.Control(SetDumpable, 0, 0, 0, 0));

    /// <summary>Sets the file mode mask; returns the old one.</summary>
    public static uint SetMask(uint mask) => ProcessCalls.SetMask(mask);
}
