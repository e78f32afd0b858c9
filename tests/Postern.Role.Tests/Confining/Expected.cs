using Postern.Role.Confining;

namespace Postern.Role.Tests.Confining;

/// <summary>What must become of a system call, said once more and in another way: as a person reads a declaration.</summary>
internal static class Expected
{
    internal const uint Pid = 4711;

    // Those from here on are answered as by a kernel that does not have them.
    private const int NewCalls = 424;

    private static readonly HashSet<string> _always =
    [
        "read", "write", "brk", "munmap", "mremap", "madvise", "futex", "membarrier", "sched_yield", "sched_getaffinity",
        "get_mempolicy", "sysinfo", "getrandom", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
        "getcpu", "getrusage", "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "uname", "rt_sigaction",
        "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall", "set_robust_list", "rseq", "exit", "exit_group", "getrlimit",
        "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "poll", "ppoll", "eventfd2", "fstat", "pread64", "recvfrom",
    ];

    private static readonly HashSet<string> _ofReaders =
    [
        "newfstatat", "statx", "lstat", "stat", "access", "faccessat", "readlink", "readlinkat", "statfs", "fadvise64", "flock", "getdents64",
    ];

    private static readonly HashSet<string> _ofWriters =
        ["fsync", "fdatasync", "fstatfs", "renameat", "renameat2", "unlinkat", "openat2"];

    private static readonly HashSet<string> _deadly =
    [
        "execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "init_module", "finit_module", "delete_module",
        "kexec_load", "kexec_file_load", "bpf", "mount", "umount2", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick",
        "mount_setattr", "pivot_root", "chroot", "setns", "unshare", "swapon", "swapoff", "reboot", "iopl", "ioperm",
    ];

    /// <summary>The verdict.</summary>
    /// <param name="number">The call's number.</param>
    /// <param name="name">Its name; null for one that no rule may name.</param>
    /// <param name="arguments">Its six arguments.</param>
    /// <param name="may">What the program declared.</param>
    internal static uint Of(int number, string? name, ulong[] arguments, Declaration may) =>
        name is not null && _deadly.Contains(name) ? Verdict.Kill
        : name is not null && name != "clone3" && Allows(name, arguments, may) ? Verdict.Allow
        : number >= NewCalls ? Verdict.Deny : Verdict.Refuse;

    private static bool Allows(string name, ulong[] all, Declaration may)
    {
        var low = all.Select(one => unchecked((uint)one)).ToArray();
        var (reads, writes) = (may.Files != FileUse.None, may.Files.HasFlag(FileUse.Change));
        return name switch
        {
            "mmap" or "mprotect" => (low[2] & 4) == 0,
            // CLONE_THREAD, and none of CLONE_NEWNS to CLONE_NEWNET, CLONE_PTRACE, CLONE_VFORK.
            "clone" => (low[0] & 0x10000) != 0 && (low[0] & 0x20000) == 0 && (low[0] & 0x7e000000) == 0 && (low[0] & 0x6000) == 0,
            "tgkill" => low[0] == Pid,
            "prctl" => low[0] is 15 or 16 or 0x53564d41,
            "prlimit64" => all[2] == 0,
            "fcntl" => low[1] is 1 or 2 or 3 or 6 or 37,
            // Nothing of what all share, or by whose number another call is judged; and of a listening socket nothing ends with SHUT_WR.
            "close" or "lseek" => low[0] > 3,
            "pwrite64" or "ftruncate" or "fallocate" => writes && low[0] > 3,
            "shutdown" => low[0] > 3 && low[1] == 1,
            "recvmsg" => low[0] == 3 || may.Sockets.HasFlag(SocketUse.TakeOver),
            // MSG_DONTWAIT and MSG_NOSIGNAL; MSG_FASTOPEN would connect.
            "sendmsg" => low[2] == 0x4040 && (low[0] == 3 || may.Sockets.HasFlag(SocketUse.HandOver)),
            "socketpair" => may.Sockets.HasFlag(SocketUse.HandOver) && low[0] == 1 && (low[1] & 0xf) == 1 && low[2] == 0,
            "sendto" => all[4] == 0,
            "getsockopt" => low[1] == 1,
            "setsockopt" => low[1] == 6 && low[2] == 1,
            "accept4" or "getsockname" => may.Sockets.HasFlag(SocketUse.Accept),
            "connect" => (may.Sockets & (SocketUse.Tcp | SocketUse.Udp | SocketUse.Unix)) != 0,
            "bind" => may.Sockets.HasFlag(SocketUse.Udp),
            "socket" => low[2] == 0 && MakesSocket(low[0], low[1] & 0xf, may.Sockets),
            "open" => writes || (reads && IsReading(low[1])),
            "openat" => writes || (reads && IsReading(low[2])),
            "mkdirat" => may.Files.HasFlag(FileUse.MakeFolders),
            "linkat" => may.Files.HasFlag(FileUse.Move),
            _ => _always.Contains(name) || (reads && _ofReaders.Contains(name)) || (writes && _ofWriters.Contains(name)),
        };
    }

    private static bool MakesSocket(uint family, uint type, SocketUse use) =>
        (family is 2 or 10 && type == 1 && use.HasFlag(SocketUse.Tcp))
        || (family is 2 or 10 && type == 2 && use.HasFlag(SocketUse.Udp))
        || (family == 1 && type == 1 && use.HasFlag(SocketUse.Unix));

    // O_RDONLY; not O_CREAT, O_TRUNC, O_TMPFILE.
    private static bool IsReading(uint flags) => (flags & 3) == 0 && (flags & 0x40) == 0 && (flags & 0x200) == 0 && (flags & 0x400000) == 0;
}
