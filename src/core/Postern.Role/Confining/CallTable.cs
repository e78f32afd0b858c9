namespace Postern.Role.Confining;

/// <summary>A system call and its numbers; −1 where the machine has none of that name.</summary>
/// <param name="Name">Its name in the kernel's table.</param>
/// <param name="Intel">Its number on x86-64.</param>
/// <param name="Arm">Its number on 64-bit Arm.</param>
internal readonly record struct SystemCall(string Name, int Intel, int Arm);

/// <summary>Every system call that a program of ours may be allowed, or ends by; all others are refused.</summary>
/// <remarks>
/// Found by watching whole servers with strace(1): their start, mail in and out, reload, restart, crash. Notifications, full disks
/// and the rest are tried by the tests of whole servers, which run behind these walls. What is added to that, libc is known to
/// fall back to on other kernels and in other versions.
/// </remarks>
internal static class CallTable
{
    /// <summary>Memory, threads, time, signals and identity: what the runtime and libc need to be alive.</summary>
    internal static readonly SystemCall[] Living =
    [
        new("read", 0, 63),
        new("write", 1, 64),
        new("close", 3, 57),
        new("brk", 12, 214),
        new("mmap", 9, 222),
        new("mprotect", 10, 226),
        new("munmap", 11, 215),
        new("mremap", 25, 216),
        new("madvise", 28, 233),
        new("futex", 202, 98),
        new("membarrier", 324, 283),
        new("sched_yield", 24, 124),
        new("sched_getaffinity", 204, 123),
        new("get_mempolicy", 239, 236),
        new("sysinfo", 99, 179),
        new("getrandom", 318, 278),
        new("clock_gettime", 228, 113),
        new("clock_getres", 229, 114),
        new("clock_nanosleep", 230, 115),
        new("nanosleep", 35, 101),
        new("gettimeofday", 96, 169),
        new("time", 201, -1),
        new("getcpu", 309, 168),
        new("getrusage", 98, 165),
        new("getpid", 39, 172),
        new("gettid", 186, 178),
        new("getppid", 110, 173),
        new("getuid", 102, 174),
        new("geteuid", 107, 175),
        new("getgid", 104, 176),
        new("getegid", 108, 177),
        new("uname", 63, 160),
        new("rt_sigaction", 13, 134),
        new("rt_sigprocmask", 14, 135),
        new("rt_sigreturn", 15, 139),
        new("sigaltstack", 131, 132),
        new("restart_syscall", 219, 128),
        new("tgkill", 234, 131),
        new("set_robust_list", 273, 99),
        new("rseq", 334, 293),
        new("exit", 60, 93),
        new("exit_group", 231, 94),
        new("clone", 56, 220),
        new("prctl", 157, 167),
        new("prlimit64", 302, 261),
        new("getrlimit", 97, 163),
        new("clone3", 435, 435),
    ];

    /// <summary>Waiting, and using descriptors that are open already.</summary>
    internal static readonly SystemCall[] Descriptors =
    [
        new("epoll_create1", 291, 20),
        new("epoll_ctl", 233, 21),
        new("epoll_wait", 232, -1),
        new("epoll_pwait", 281, 22),
        new("poll", 7, -1),
        new("ppoll", 271, 73),
        new("eventfd2", 290, 19),
        new("fstat", 5, 80),
        new("fcntl", 72, 25),
        new("pread64", 17, 67),
        new("lseek", 8, 62),
    ];

    /// <summary>Using sockets that were handed over, and making others.</summary>
    internal static readonly SystemCall[] Sockets =
    [
        new("recvfrom", 45, 207),
        new("sendto", 44, 206),
        new("recvmsg", 47, 212),
        new("sendmsg", 46, 211),
        new("shutdown", 48, 210),
        new("getsockopt", 55, 209),
        new("setsockopt", 54, 208),
        new("accept4", 288, 242),
        new("getsockname", 51, 204),
        new("socket", 41, 198),
        new("socketpair", 53, 199),
        new("connect", 42, 203),
        new("bind", 49, 200),
    ];

    /// <summary>Opening and looking at files by name.</summary>
    internal static readonly SystemCall[] Reading =
    [
        new("open", 2, -1),
        new("openat", 257, 56),
        new("openat2", 437, 437),
        new("newfstatat", 262, 79),
        new("statx", 332, 291),
        new("lstat", 6, -1),
        new("stat", 4, -1),
        new("access", 21, -1),
        new("faccessat", 269, 48),
        new("readlink", 89, -1),
        new("readlinkat", 267, 78),
        new("statfs", 137, 43),
        new("fadvise64", 221, 223),
        new("flock", 73, 32),
        new("getdents64", 217, 61),
    ];

    /// <summary>Writing files, making, moving and removing them.</summary>
    internal static readonly SystemCall[] Changing =
    [
        new("pwrite64", 18, 68),
        new("fsync", 74, 82),
        new("fdatasync", 75, 83),
        new("ftruncate", 77, 46),
        new("fallocate", 285, 47),
        new("fstatfs", 138, 44),
        new("renameat", 264, 38), // What libc makes of renameat2 without flags.
        new("renameat2", 316, 276),
        new("linkat", 265, 37),
        new("unlinkat", 263, 35),
        new("mkdirat", 258, 34),
    ];

    /// <summary>Whoever calls one of these has been taken over: there is no way to it in our code.</summary>
    internal static readonly SystemCall[] Hostile =
    [
        new("execve", 59, 221),
        new("execveat", 322, 281),
        new("ptrace", 101, 117),
        new("process_vm_readv", 310, 270),
        new("process_vm_writev", 311, 271),
        new("init_module", 175, 105),
        new("finit_module", 313, 273),
        new("delete_module", 176, 106),
        new("kexec_load", 246, 104),
        new("kexec_file_load", 320, 294),
        new("bpf", 321, 280),
        new("mount", 165, 40),
        new("umount2", 166, 39),
        new("move_mount", 429, 429),
        new("open_tree", 428, 428),
        new("fsopen", 430, 430),
        new("fsconfig", 431, 431),
        new("fsmount", 432, 432),
        new("fspick", 433, 433),
        new("mount_setattr", 442, 442),
        new("pivot_root", 155, 41),
        new("chroot", 161, 51),
        new("setns", 308, 268),
        new("unshare", 272, 97),
        new("swapon", 167, 224),
        new("swapoff", 168, 225),
        new("reboot", 169, 142),
        new("iopl", 172, -1),
        new("ioperm", 173, -1),
    ];
}
