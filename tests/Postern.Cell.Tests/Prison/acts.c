// Tries one act that a cell must refuse, and says what came of it: "done", or the errno's number. Tests run it inside of a cell, and
// outside to see that it would work there.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static int say(long result)
{
    if (result < 0) printf("%d\n", errno);
    else printf("done\n");
    return 0;
}

static void *nothing(void *argument) { return argument; }

static long thread(void)
{
    pthread_t one;
    errno = pthread_create(&one, NULL, nothing, NULL);
    if (errno) return -1;
    return pthread_join(one, NULL);
}

static long forked(long pid)
{
    if (pid == 0) _exit(0);
    return pid < 0 ? pid : waitpid(pid, NULL, 0);
}

// A file that has no name, with this very program in it.
static long nameless(const char *self)
{
    char buffer[65536];
    ssize_t length;
    int file = syscall(SYS_memfd_create, "x", 0), from = open(self, O_RDONLY);
    if (file < 0 || from < 0) return -1;
    while ((length = read(from, buffer, sizeof buffer)) > 0)
        if (write(file, buffer, length) != length) return -1;
    char *const arguments[] = {"acts", "nothing", NULL}, *const environment[] = {NULL};
    return syscall(SYS_execveat, file, "", arguments, environment, AT_EMPTY_PATH);
}

static long inherited(void)
{
    for (int fd = 3; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) >= 0) return fd;
    errno = EBADF;
    return -1;
}

static long owner(int to)
{
    int ends[2];
    return pipe(ends) ? -1 : fcntl(ends[0], F_SETOWN, to);
}

int main(int count, char **all)
{
    const char *act = count > 1 ? all[1] : "", *path = count > 2 ? all[2] : "";
    int number = atoi(path);
    char byte = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
#define ACT(name, call) if (!strcmp(act, name)) { errno = 0; return say(call); }
    ACT("nothing", 0)
    ACT("read", open(path, O_RDONLY))
    ACT("list", open(path, O_RDONLY | O_DIRECTORY))
    ACT("write", open(path, O_WRONLY))
    ACT("make", open(path, O_WRONLY | O_CREAT, 0600))
    ACT("empty", open(path, O_WRONLY | O_TRUNC))
    ACT("nameless-file", open(path, O_RDWR | O_TMPFILE, 0600))
    ACT("look", access(path, F_OK))
    ACT("folder", mkdir(path, 0700))
    ACT("remove", unlink(path))
    ACT("rename", rename(path, all[3]))
    ACT("link", link(path, all[3]))
    ACT("symlink", symlink("/etc", path))
    ACT("node", mknod(path, S_IFIFO | 0600, 0))
    ACT("mode", chmod(path, 0777))
    ACT("owner", chown(path, getuid(), getgid()))
    ACT("times", utimensat(AT_FDCWD, path, NULL, 0))
    ACT("cut", truncate(path, 0))
    ACT("attribute", setxattr(path, "user.x", "x", 1, 0))
    ACT("watch", syscall(SYS_inotify_init1, 0))
    ACT("socket", socket(number, count > 3 ? atoi(all[3]) : SOCK_STREAM, 0))
    ACT("pair", socketpair(AF_UNIX, SOCK_DGRAM, 0, (int[2]){0}))
    ACT("send", send(number, "x", 1, 0))
    ACT("accept", accept(number, NULL, NULL))
    ACT("thread", thread())
    ACT("fork", forked(fork()))
    ACT("vfork", forked(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)))
    ACT("clone3", forked(syscall(SYS_clone3, (unsigned long[8]){0, 0, 0, 0, SIGCHLD}, 64)))
    ACT("execute", execl(path, path, "x", (char *)NULL))
    ACT("itself", execl(all[0], all[0], "nothing", (char *)NULL))
    ACT("execute-nameless", nameless(all[0]))
    ACT("trace", ptrace(PTRACE_ATTACH, number ? number : getppid(), 0, 0))
    ACT("peek", syscall(SYS_process_vm_readv, number ? number : getppid(), NULL, 0, NULL, 0, 0))
    ACT("kill", kill(number ? number : getppid(), 0))
    ACT("kill-itself", kill(getpid(), 0))
    ACT("signal-thread", syscall(SYS_tkill, number ? number : getppid(), 0))
    ACT("own-signals", owner(number ? number : getppid()))
    ACT("outlive", prctl(PR_SET_PDEATHSIG, 0))
    ACT("session", setsid())
    ACT("group", setpgid(0, 0))
    ACT("nice", setpriority(PRIO_PROCESS, number, 19))
    ACT("limit", syscall(SYS_prlimit64, number ? number : getppid(), RLIMIT_NOFILE, NULL, (unsigned long[2]){0}))
    ACT("lift", setrlimit(number, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}))
    ACT("affinity", sched_setaffinity(number ? number : getppid(), sizeof(cpu_set_t), &(cpu_set_t){{1}}))
    ACT("user", setuid(0))
    ACT("rings", syscall(425, 1, &(char[256]){0}))
    ACT("aio", syscall(SYS_io_setup, 1, &(aio_context_t){0}))
    ACT("perf", syscall(SYS_perf_event_open, &(char[128]){0}, 0, -1, -1, 0))
    ACT("key", syscall(SYS_add_key, "user", "x", "x", 1, -3))
    ACT("shared", syscall(SYS_shmget, 0, 4096, 01600))
    ACT("queue", syscall(SYS_msgget, 0, 01600))
    ACT("memory-file", syscall(SYS_memfd_create, "x", 0))
    ACT("type", ioctl(number, TIOCSTI, &byte))
    ACT("inherited", inherited())
    ACT("handle", syscall(SYS_name_to_handle_at, AT_FDCWD, "/", &(int[40]){128}, &(int){0}, 0))
    ACT("bpf", syscall(SYS_bpf, 0, NULL, 0))
    ACT("mount", mount("x", "/tmp", "tmpfs", 0, NULL))
    ACT("unshare", unshare(CLONE_NEWUSER))
    ACT("root", chroot("/"))
    ACT("grow", mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0) == MAP_FAILED ? -1 : 0)
    ACT("share", mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0)
    // What follows is no single act.
    if (!strcmp(act, "hog"))
    {
        for (;;)
        {
            char *piece = malloc(1 << 20);
            if (!piece) abort();
            memset(piece, 1, 1 << 20);
        }
    }
    if (!strcmp(act, "spin")) for (;;) { }
    if (!strcmp(act, "deaf"))
    {
        for (int i = 1; i < 65; i++) signal(i, SIG_IGN);
        printf("deaf\n");
        for (;;) pause();
    }
    if (!strcmp(act, "flood")) for (;;) if (write(number, "0123456789abcdef", 16) < 0) return 9;
    if (!strcmp(act, "fork-bomb"))
    {
        // How many it can be at a time, itself among them.
        int made = 1;
        for (int pid; made < 10000 && (pid = fork()) >= 0; made++) if (pid == 0) for (;;) pause();
        printf("%d\n", made);
        return 0;
    }
    if (!strcmp(act, "daemon"))
    {
        if (fork() == 0) { if (fork() == 0) { for (;;) pause(); } _exit(0); }
        wait(NULL);
        printf("left one behind\n");
        return 0;
    }
    if (!strcmp(act, "show"))
    {
        char folder[4096];
        struct rlimit core;
        getrlimit(RLIMIT_CORE, &core);
        printf("uid=%d euid=%d gid=%d groups=%d umask=%o cwd=%s niceness=%d no-new-privileges=%d core=%lu pipe=%d\n", getuid(), geteuid(), getgid(),
               getgroups(0, NULL), umask(0), getcwd(folder, sizeof folder), getpriority(PRIO_PROCESS, 0), prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0),
               (unsigned long)core.rlim_cur, signal(SIGPIPE, SIG_DFL) == SIG_DFL);
        sigset_t mask;
        sigprocmask(SIG_BLOCK, NULL, &mask);
        for (int i = 1; i < 65; i++) if (sigismember(&mask, i) == 1) printf("blocked %d\n", i);
        return 0;
    }
    if (!strcmp(act, "crash")) { kill(getpid(), number); for (;;) pause(); }
    fprintf(stderr, "acts: no such act: %s\n", act);
    return 64;
}
