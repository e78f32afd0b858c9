/* Offers mail to an SMTP server at moments that were fixed beforehand, and says how long its answers took.
 *
 * An open loop: a message is due when it is due, however slow the server is. Each session is brought up to the 354 of
 * DATA ahead of time; at the due moment one of them sends the content with the final dot, and the time until its 250
 * counts from that moment. When no session is ready, because the server holds them all, the message waits for one, and
 * that wait counts as well: nothing is left out because the server was slow ("coordinated omission").
 * With a rate of 0 the loop is closed: each session goes on as soon as it may. That gives the server's maximum.
 *
 * load [-e] -p PORT -r RATE -n MESSAGES [-s SESSIONS] [-l BYTES] [-c MESSAGES] [-R RECIPIENTS] [-f FROM] [-t TO] [-D DOMAINS]
 *      [-B FIRST] [-o FILE]
 *   -e  arrivals at exponential distances (as independent senders come), else at equal ones
 *   -t  "x{i}@d{d}.example": {i} is the message's number, {r} the recipient's within it, {d} the message's modulo -D,
 *       {n} the recipient's among those of all messages
 *   -c  messages over one connection
 *   -D  domains, for {d}; -B the number of the first message
 *   -o  a line per message: its number, when it was due and when its 250 came, in nanoseconds of CLOCK_MONOTONIC
 * One line of JSON on standard output. Anything but the expected reply ends the run with 1.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_EVENTS = 256, PIECE = 4096 };

enum phase { GREETING, HELLO, ENVELOPE, READY, CONTENT, GONE };

struct session {
    int socket;
    enum phase phase;
    int awaited;      /* replies until the phase is over */
    int served;       /* messages over this connection */
    long message;     /* its number, from ENVELOPE on: the recipients bear it */
    int64_t due;
    char *out;        /* what is still to be written */
    size_t out_size, out_at;
    char line[1024];  /* the reply line that is coming */
    size_t line_size;
};

static struct {
    int port, sessions, length, recipients, domains, exponential, per_connection;
    long messages, first;
    double rate;
    const char *from, *to;
    FILE *stamps;
} options = { .sessions = 20, .length = 4096, .recipients = 1, .domains = 1, .per_connection = 500, .from = "alice@example.org", .to = "x@elsewhere.example" };

static struct session *sessions;
static int *ready, ready_count;              /* sessions that wait for a message to become due: the first one goes first */
static int64_t *due, *taken;                 /* of each message */
static long next_due, next_staged, done, late;
static int epoll;
static char *content;
static size_t content_size;

static void fail(const char *what, const char *text) {
    fprintf(stderr, "load: %s: %s\n", what, text);
    exit(1);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void watch(struct session *session, int operation, uint32_t events) {
    struct epoll_event event = { .events = events, .data.ptr = session };
    if (epoll_ctl(epoll, operation, session->socket, &event) != 0) fail("epoll_ctl", strerror(errno));
}

static void flush(struct session *session) {
    while (session->out_at < session->out_size) {
        ssize_t sent = send(session->socket, session->out + session->out_at, session->out_size - session->out_at, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            watch(session, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
            return;
        }
        if (sent < 0) fail("send", strerror(errno));
        session->out_at += sent;
    }
    if (session->out_at > 0) watch(session, EPOLL_CTL_MOD, EPOLLIN);
    session->out_size = session->out_at = 0;
}

static void say(struct session *session, const char *bytes, size_t size) {
    session->out = realloc(session->out, session->out_size + size);
    memcpy(session->out + session->out_size, bytes, size);
    session->out_size += size;
}

/* Writes a recipient as the template says. */
static void say_recipient(struct session *session, int number) {
    char text[PIECE];
    size_t size = sprintf(text, "RCPT TO:<");
    for (const char *from = options.to; *from && size < PIECE - 100;) {
        if (strncmp(from, "{i}", 3) == 0) size += sprintf(text + size, "%ld", session->message), from += 3;
        else if (strncmp(from, "{r}", 3) == 0) size += sprintf(text + size, "%d", number), from += 3;
        else if (strncmp(from, "{n}", 3) == 0) size += sprintf(text + size, "%ld", session->message * options.recipients + number), from += 3;
        else if (strncmp(from, "{d}", 3) == 0) size += sprintf(text + size, "%ld", session->message % options.domains), from += 3;
        else text[size++] = *from++;
    }
    size += sprintf(text + size, ">\r\n");
    say(session, text, size);
}

static void connect_to_server(struct session *session) {
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(options.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int one = 1;
    session->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(session->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(session->socket, (struct sockaddr *)&address, sizeof address) != 0 && errno != EINPROGRESS) fail("connect", strerror(errno));
    session->phase = GREETING;
    session->awaited = 1;
    session->served = 0;
    session->line_size = 0;
    watch(session, EPOLL_CTL_ADD, EPOLLIN);
}

/* Leaves as a client should, without waiting for the 221. */
static void leave(struct session *session) {
    (void)!send(session->socket, "QUIT\r\n", 6, MSG_NOSIGNAL);
    close(session->socket);
    session->phase = GONE;
}

/* Brings a session up to the 354 for the next message that has none yet. */
static void stage(struct session *session) {
    char text[PIECE];
    if (next_staged == options.messages) {
        leave(session);
        return;
    }
    if (session->served == options.per_connection) {
        leave(session);
        connect_to_server(session);
        return;
    }
    session->message = options.first + next_staged++;
    say(session, text, snprintf(text, sizeof text, "MAIL FROM:<%s>\r\n", options.from));
    for (int number = 0; number < options.recipients; number++) say_recipient(session, number);
    say(session, "DATA\r\n", 6);
    session->phase = ENVELOPE;
    session->awaited = options.recipients + 2;
    flush(session);
}

/* The next message is due and this session ready for one. */
static void deliver(struct session *session) {
    session->due = due[next_due++];
    session->phase = CONTENT;
    session->awaited = 1;
    say(session, content, content_size);
    flush(session);
}

static void become_ready(struct session *session) {
    int64_t moment = now();
    session->phase = READY;
    if (options.rate == 0) {
        due[next_due] = moment;
        deliver(session);
    } else if (next_due < options.messages && due[next_due] <= moment) {
        late++;
        deliver(session);
    } else {
        ready[ready_count++] = session - sessions;
    }
}

static void finish(struct session *session) {
    int64_t moment = now();
    taken[done++] = moment - session->due;
    if (options.stamps) fprintf(options.stamps, "%ld %lld %lld\n", session->message, (long long)session->due, (long long)moment);
    session->served++;
    stage(session);
}

/* One reply line; those with a hyphen after the code are followed by more. */
static void take(struct session *session) {
    const char *line = session->line;
    char expected = session->phase == ENVELOPE && session->awaited == 1 ? '3' : '2';
    if (session->line_size < 4 || line[0] != expected) {
        session->line[session->line_size] = 0;
        fail("unexpected reply", line);
    }
    if (line[3] == '-' || --session->awaited > 0) return;
    switch (session->phase) {
        case GREETING:
            session->phase = HELLO;
            session->awaited = 1;
            say(session, "EHLO load.example\r\n", 19);
            flush(session);
            break;
        case HELLO: stage(session); break;
        case ENVELOPE: become_ready(session); break;
        case CONTENT: finish(session); break;
        default: fail("a reply that nobody awaits", line);
    }
}

static void receive(struct session *session) {
    char piece[PIECE];
    int socket = session->socket;
    ssize_t size = recv(socket, piece, sizeof piece, 0);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) fail("the server closed a session", size < 0 ? strerror(errno) : "end of file");
    for (ssize_t i = 0; i < size && session->socket == socket; i++) {
        if (piece[i] == '\n') {
            take(session);
            session->line_size = 0;
        } else if (piece[i] != '\r' && session->line_size < sizeof session->line - 1) {
            session->line[session->line_size++] = piece[i];
        }
    }
}

static void make_content(void) {
    static const char start[] = "From: <alice@example.org>\r\nTo: <x@elsewhere.example>\r\nSubject: load\r\n\r\n";
    static const char row[] = "0123456789 0123456789 0123456789 0123456789 0123456789 0123456\r\n";
    content = malloc(options.length + sizeof start + sizeof row + 3);
    content_size = sizeof start - 1;
    memcpy(content, start, content_size);
    while (content_size < (size_t)options.length) {
        memcpy(content + content_size, row, sizeof row - 1);
        content_size += sizeof row - 1;
    }
    memcpy(content + content_size, ".\r\n", 3);
    content_size += 3;
}

/* The moments, all of them before the first is offered. */
static void make_schedule(int64_t start) {
    double at = 0;
    srand48(1); /* Both servers get the same one. */
    for (long i = 0; i < options.messages; i++) {
        at += (options.exponential ? -log(1 - drand48()) : 1) / options.rate;
        due[i] = start + (int64_t)(at * 1e9);
    }
}

static void run(void) {
    struct epoll_event events[MAX_EVENTS];
    while (done < options.messages) {
        struct timespec wait = { 30, 0 };
        int64_t moment = now();
        if (options.rate > 0 && ready_count > 0 && next_due < options.messages) {
            int64_t left = due[next_due] > moment ? due[next_due] - moment : 0;
            wait = (struct timespec){ left / 1000000000, left % 1000000000 };
        }
        int count = epoll_pwait2(epoll, events, MAX_EVENTS, &wait, NULL);
        if (count == 0 && wait.tv_sec == 30) fail("nothing came", "for half a minute");
        moment = now();
        while (ready_count > 0 && next_due < options.messages && due[next_due] <= moment) {
            struct session *first = &sessions[ready[0]];
            memmove(ready, ready + 1, --ready_count * sizeof *ready);
            deliver(first);
        }
        for (int i = 0; i < count; i++) {
            struct session *session = events[i].data.ptr;
            if (events[i].events & EPOLLOUT) flush(session);
            if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(session);
        }
    }
}

static int compare(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static double at_share(double share) { return taken[(long)ceil(share * done) - 1] / 1e6; }

int main(int count, char **arguments) {
    for (int option; (option = getopt(count, arguments, "ep:r:n:s:l:c:R:D:B:f:t:o:")) != -1;) {
        switch (option) {
            case 'e': options.exponential = 1; break;
            case 'p': options.port = atoi(optarg); break;
            case 'r': options.rate = atof(optarg); break;
            case 'n': options.messages = atol(optarg); break;
            case 's': options.sessions = atoi(optarg); break;
            case 'l': options.length = atoi(optarg); break;
            case 'c': options.per_connection = atoi(optarg); break;
            case 'R': options.recipients = atoi(optarg); break;
            case 'D': options.domains = atoi(optarg); break;
            case 'B': options.first = atol(optarg); break;
            case 'f': options.from = optarg; break;
            case 't': options.to = optarg; break;
            case 'o': options.stamps = fopen(optarg, "w"); break;
            default: return 64;
        }
    }
    sessions = calloc(options.sessions, sizeof *sessions);
    ready = calloc(options.sessions, sizeof *ready);
    due = calloc(options.messages, sizeof *due);
    taken = calloc(options.messages, sizeof *taken);
    prctl(PR_SET_TIMERSLACK, 1L); /* Else a message is offered up to 50 µs after its moment. */
    epoll = epoll_create1(EPOLL_CLOEXEC);
    make_content();
    /* Half a second for the sessions to come up. */
    int64_t start = now() + (options.rate > 0 ? 500000000 : 0);
    if (options.rate > 0) make_schedule(start);
    for (int i = 0; i < options.sessions; i++) connect_to_server(&sessions[i]);
    run();
    double seconds = (now() - start) / 1e9;
    if (options.stamps) fclose(options.stamps);
    qsort(taken, done, sizeof *taken, compare);
    printf("{\"messages\": %ld, \"seconds\": %.3f, \"rate\": %.1f, \"p50\": %.3f, \"p99\": %.3f, \"p999\": %.3f, \"max\": %.3f, \"late\": %ld}\n",
        done, seconds, done / seconds, at_share(.5), at_share(.99), at_share(.999), at_share(1), late);
    return 0;
}
