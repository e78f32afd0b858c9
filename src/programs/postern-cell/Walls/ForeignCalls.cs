using Postern.Role.Confining;

namespace Postern.Cell.Walls;

/// <summary>The system calls that no program in a cell may make, by what they would be for.</summary>
/// <remarks>Besides those in <see cref="CallTable.Hostile"/>, which end it, and those that <see cref="CellPolicy"/> judges by their arguments.</remarks>
internal static class ForeignCalls
{
    /// <summary>Talking to anybody. Pairs as well: one end of a pair can be turned to somebody else.</summary>
    internal static readonly SystemCall[] Talking =
    [
        new("socket", 41, 198),
        new("socketpair", 53, 199),
        new("connect", 42, 203),
        new("bind", 49, 200),
        new("listen", 50, 201),
        new("accept", 43, 202),
        new("accept4", 288, 242),
        new("sendto", 44, 206),
        new("sendmsg", 46, 211),
        new("sendmmsg", 307, 269),
    ];

    /// <summary>Changing files, their names, owners and modes: Landlock has no word on half of these.</summary>
    internal static readonly SystemCall[] Changing =
    [
        new("creat", 85, -1),
        new("truncate", 76, 45),
        new("ftruncate", 77, 46),
        new("fallocate", 285, 47),
        new("rename", 82, -1),
        new("renameat", 264, 38),
        new("renameat2", 316, 276),
        new("mkdir", 83, -1),
        new("mkdirat", 258, 34),
        new("rmdir", 84, -1),
        new("unlink", 87, -1),
        new("unlinkat", 263, 35),
        new("link", 86, -1),
        new("linkat", 265, 37),
        new("symlink", 88, -1),
        new("symlinkat", 266, 36),
        new("mknod", 133, -1),
        new("mknodat", 259, 33),
        new("chmod", 90, -1),
        new("fchmod", 91, 52),
        new("fchmodat", 268, 53),
        new("chown", 92, -1),
        new("fchown", 93, 55),
        new("lchown", 94, -1),
        new("fchownat", 260, 54),
        new("utime", 132, -1),
        new("utimes", 235, -1),
        new("futimesat", 261, -1),
        new("utimensat", 280, 88),
        new("setxattr", 188, 5),
        new("lsetxattr", 189, 6),
        new("fsetxattr", 190, 7),
        new("removexattr", 197, 14),
        new("lremovexattr", 198, 15),
        new("fremovexattr", 199, 16),
        new("sync", 162, 81),
        new("syncfs", 306, 267),
        new("quotactl", 179, 60),
    ];

    /// <summary>Learning what others do with files, and reaching files around their folders.</summary>
    internal static readonly SystemCall[] Watching =
    [
        new("inotify_init", 253, -1),
        new("inotify_init1", 294, 26),
        new("inotify_add_watch", 254, 27),
        new("fanotify_init", 300, 262),
        new("fanotify_mark", 301, 263),
        new("name_to_handle_at", 303, 264),
        new("open_by_handle_at", 304, 265),
        new("lookup_dcookie", 212, 18),
    ];

    /// <summary>Other processes of the same user, and leaving the group that is ended as a whole.</summary>
    internal static readonly SystemCall[] Others =
    [
        new("tkill", 200, 130),
        new("setsid", 112, 157),
        new("setpgid", 109, 154),
        new("kcmp", 312, 272),
        new("setpriority", 141, 140),
        new("sched_setparam", 142, 118),
        new("sched_setscheduler", 144, 119),
        new("sched_setattr", 314, 274),
        new("ioprio_set", 251, 30),
        new("migrate_pages", 256, 238),
        new("move_pages", 279, 239),
    ];

    /// <summary>Memory that no limit counts, or that outlives the program.</summary>
    internal static readonly SystemCall[] Lasting =
    [
        new("shmget", 29, 194),
        new("shmat", 30, 196),
        new("shmctl", 31, 195),
        new("shmdt", 67, 197),
        new("semget", 64, 190),
        new("semop", 65, 193),
        new("semctl", 66, 191),
        new("semtimedop", 220, 192),
        new("msgget", 68, 186),
        new("msgsnd", 69, 189),
        new("msgrcv", 70, 188),
        new("msgctl", 71, 187),
        new("mq_open", 240, 180),
        new("mq_unlink", 241, 181),
        new("memfd_create", 319, 279),
        new("add_key", 248, 217),
        new("request_key", 249, 218),
        new("keyctl", 250, 219),
    ];

    /// <summary>Parts of the kernel that a filter of mail has no use for and that have been its weak ones.</summary>
    internal static readonly SystemCall[] Kernel =
    [
        new("perf_event_open", 298, 241),
        new("userfaultfd", 323, 282),
        new("io_setup", 206, 0),
        new("io_destroy", 207, 1),
        new("io_submit", 209, 2),
        new("io_cancel", 210, 3),
        new("io_getevents", 208, 4),
        new("vmsplice", 278, 75),
        new("syslog", 103, 116),
        new("acct", 163, 89),
        new("settimeofday", 164, 170),
        new("clock_settime", 227, 112),
        new("adjtimex", 159, 171),
        new("clock_adjtime", 305, 266),
        new("sethostname", 170, 161),
        new("setdomainname", 171, 162),
        new("vhangup", 153, 58),
        new("personality", 135, 92),
        new("modify_ldt", 154, -1),
        new("uselib", 134, -1),
        new("ustat", 136, -1),
        new("sysfs", 139, -1),
        new("_sysctl", 156, -1),
        new("nfsservctl", 180, 42),
    ];

    /// <summary>Calls newer than Linux 5.1 that libc makes on open descriptors, and paths, which other walls stand around.</summary>
    internal static readonly SystemCall[] NewAndAllowed =
    [
        new("close_range", 436, 436),
        new("faccessat2", 439, 439),
        new("epoll_pwait2", 441, 441),
        new("futex_waitv", 449, 449),
    ];

    /// <summary>What it depends on how they are called.</summary>
    internal static readonly SystemCall[] Judged =
    [
        new("execve", 59, 221),
        new("execveat", 322, 281),
        new("clone", 56, 220),
        new("clone3", 435, 435),
        new("fork", 57, -1),
        new("vfork", 58, -1),
        new("kill", 62, 129),
        new("tgkill", 234, 131),
        new("rt_sigqueueinfo", 129, 138),
        new("rt_tgsigqueueinfo", 297, 240),
        new("prlimit64", 302, 261),
        new("sched_setaffinity", 203, 122),
        new("fcntl", 72, 25),
        new("ioctl", 16, 29),
        new("prctl", 157, 167),
        new("open", 2, -1),
        new("openat", 257, 56),
        new("mmap", 9, 222),
    ];
}
