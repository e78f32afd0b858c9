/*
 * A disk for trials: a file whose every read, write and flush comes through this program, to be put under a loop device.
 * It can keep a record of what was written between which flushes, make flushes slow, and fail like a broken device.
 * The kernel's FUSE protocol is spoken directly: nothing but a C compiler and the kernel's headers is needed. Root only.
 *
 *     cc -O2 -pthread -o test-disk eng/disk/test-disk.c
 *     truncate -s 1G image && mkfs.ext4 -q image && touch disk
 *     ./test-disk --delay 5 image disk &            # says "ready"; the file "disk" is now the device's content
 *     loop=$(losetup --find --show disk) && mount "$loop" folder
 *     ...
 *     umount folder && losetup --detach "$loop" && umount disk      # which also ends the program
 *
 * In that order: the disk that a file system lies on must not be the first to go.
 *
 *     --delay MS       a flush takes so many milliseconds longer. The loop driver hands over one request after another,
 *                      so what is written meanwhile waits, as on a disk without a queue
 *     --sync           a flush also syncs the image: for measuring. An image in /dev/shm costs nothing
 *     --record LOG     each write and flush is appended to LOG before it is answered: offset (8 bytes), length (4),
 *                      kind (4; 1 write, 2 flush), all in the machine's order, and what was written. The length of LOG is
 *                      a clock: what somebody saw when LOG had n bytes had happened by record n
 *     --fail FILE      as long as FILE exists, writes and flushes fail with EIO and change nothing
 *     --fail-once FILE the first write or flush that meets FILE fails with EIO, and removes it
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 4, MAX_WRITE = 1 << 20, HEADERS = 4096, WRITE_RECORD = 1, FLUSH_RECORD = 2 };

static int device, image, record = -1, sync_image;
static long delay;
static const char *fail_while, *fail_once;
static pthread_mutex_t recording = PTHREAD_MUTEX_INITIALIZER;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

/* A record must be whole before anybody can know that its write was done. */
static void keep(uint32_t kind, uint64_t offset, const void *content, uint32_t length)
{
    struct { uint64_t offset; uint32_t length, kind; } head = { offset, length, kind };
    struct iovec parts[] = { { &head, sizeof head }, { (void *)content, length } };
    pthread_mutex_lock(&recording);
    if (kind == WRITE_RECORD && pwrite(image, content, length, offset) != (ssize_t)length)
        die("image");
    if (record >= 0 && writev(record, parts, 2) != (ssize_t)(sizeof head + length))
        die("record");
    pthread_mutex_unlock(&recording);
}

static int is_broken(void)
{
    return (fail_while && access(fail_while, F_OK) == 0) || (fail_once && unlink(fail_once) == 0);
}

static int flush(void)
{
    struct timespec pause = { delay / 1000, delay % 1000 * 1000000 };
    if (is_broken())
        return -EIO;
    keep(FLUSH_RECORD, 0, NULL, 0);
    if (sync_image && fdatasync(image) != 0)
        return -EIO;
    while (delay > 0 && nanosleep(&pause, &pause) != 0 && errno == EINTR)
        continue;
    return 0;
}

static struct fuse_attr attributes(void)
{
    struct stat found;
    if (fstat(image, &found) != 0)
        die("image");
    return (struct fuse_attr) { .ino = FUSE_ROOT_ID, .size = found.st_size, .blocks = found.st_blocks,
        .mode = S_IFREG | 0600, .nlink = 1, .blksize = 4096 };
}

static void answer(uint64_t request, int error, const void *content, size_t length)
{
    struct fuse_out_header head = { sizeof head + length, error, request };
    struct iovec parts[] = { { &head, sizeof head }, { (void *)content, length } };
    /* ENOENT: whoever asked was killed meanwhile. */
    if (writev(device, parts, 2) < 0 && errno != ENOENT && errno != ENODEV)
        die("answer");
}

static void serve(const struct fuse_in_header *head, const void *body, char *reading)
{
    const struct fuse_init_in *init = body;
    const struct fuse_read_in *read = body;
    const struct fuse_write_in *write = body;
    switch (head->opcode) {
    case FUSE_INIT: {
        struct fuse_init_out out = { .major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION,
            .max_readahead = init->max_readahead, .flags = init->flags & (FUSE_BIG_WRITES | FUSE_MAX_PAGES | FUSE_ASYNC_READ),
            .max_background = 64, .congestion_threshold = 48, .max_write = MAX_WRITE, .max_pages = MAX_WRITE / 4096 };
        return answer(head->unique, 0, &out, sizeof out);
    }
    case FUSE_GETATTR:
    case FUSE_SETATTR: {
        struct fuse_attr_out out = { .attr_valid = 3600, .attr = attributes() };
        return answer(head->unique, 0, &out, sizeof out);
    }
    case FUSE_OPEN: {
        /* No cache in between: what the device holds is what was written here, and nothing else. */
        struct fuse_open_out out = { .open_flags = FOPEN_DIRECT_IO };
        return answer(head->unique, 0, &out, sizeof out);
    }
    case FUSE_READ: {
        ssize_t length = pread(image, reading, read->size < MAX_WRITE ? read->size : MAX_WRITE, read->offset);
        return answer(head->unique, length < 0 ? -EIO : 0, reading, length < 0 ? 0 : length);
    }
    case FUSE_WRITE: {
        struct fuse_write_out out = { .size = write->size };
        if (is_broken())
            return answer(head->unique, -EIO, NULL, 0);
        keep(WRITE_RECORD, write->offset, write + 1, write->size);
        return answer(head->unique, 0, &out, sizeof out);
    }
    case FUSE_FSYNC:
        return answer(head->unique, flush(), NULL, 0);
    case FUSE_RELEASE:
        return answer(head->unique, 0, NULL, 0);
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
        return;
    default:
        answer(head->unique, -ENOSYS, NULL, 0);
    }
}

static void *work(void *nothing)
{
    char *request = malloc(HEADERS + MAX_WRITE), *reading = malloc(MAX_WRITE);
    if (!request || !reading)
        die("memory");
    for (;;) {
        ssize_t length = read(device, request, HEADERS + MAX_WRITE);
        if (length >= (ssize_t)sizeof(struct fuse_in_header))
            serve((const struct fuse_in_header *)request, request + sizeof(struct fuse_in_header), reading);
        else if (length < 0 && errno == ENODEV)
            exit(0); /* unmounted */
        else if (length < 0 && errno != EINTR && errno != EAGAIN && errno != ENOENT)
            die("/dev/fuse");
    }
    return nothing;
}

/*
 * Goes on in a mount namespace of its own, without the disk. Killed as the last process in the one that the disk is used in,
 * this one would have to unmount the file system on its own disk, and wait for itself for ever.
 */
static void leave(const char *at)
{
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || umount2(at, MNT_DETACH) != 0)
        die("mount namespace");
}

static const char *options(int count, char **words)
{
    while (count > 2 && words[0][0] == '-') {
        const char *name = words[0], *value = words[1];
        int takes = strcmp(name, "--sync") != 0;
        if (!takes)
            sync_image = 1;
        else if (strcmp(name, "--delay") == 0)
            delay = atol(value);
        else if (strcmp(name, "--record") == 0)
            record = open(value, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        else if (strcmp(name, "--fail") == 0)
            fail_while = value;
        else if (strcmp(name, "--fail-once") == 0)
            fail_once = value;
        else
            return NULL;
        if (strcmp(name, "--record") == 0 && record < 0)
            die(value);
        words += 1 + takes;
        count -= 1 + takes;
    }
    if (count != 2)
        return NULL;
    image = open(words[0], O_RDWR | O_CLOEXEC);
    if (image < 0)
        die(words[0]);
    return words[1];
}

int main(int count, char **words)
{
    const char *at = options(count - 1, words + 1);
    char how[128];
    if (!at) {
        fprintf(stderr, "usage: test-disk [--delay MS] [--sync] [--record LOG] [--fail FILE] [--fail-once FILE] IMAGE DISK\n");
        return 64;
    }
    device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (device < 0)
        die("/dev/fuse");
    /* The file system's root is the file itself. */
    snprintf(how, sizeof how, "fd=%d,rootmode=%o,user_id=0,group_id=0", device, S_IFREG | 0600);
    if (mount("test-disk", at, "fuse", MS_NOSUID | MS_NODEV, how) != 0)
        die(at);
    leave(at);
    for (int thread = 0; thread < THREADS; thread++) {
        pthread_t started;
        if (pthread_create(&started, NULL, work, NULL) != 0)
            die("thread");
    }
    puts("ready");
    fflush(stdout);
    for (;;)
        pause();
}
