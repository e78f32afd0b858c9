"""Clients that mean no good, each flood in a process of its own, from addresses of 10.0.0.0/8."""
import contextlib
import multiprocessing
import resource
import select
import socket
import time

PER_ADDRESS = 50
MESSAGE = 25_000_000
UP_TO_CONTENT = (b"EHLO stranger.example\r\n", b"MAIL FROM:<s@stranger.example>\r\n", b"RCPT TO:<bob@example.org>\r\n", b"DATA\r\n")


def connect(port, number, wait=20):
    """The number of a client decides its address; the greeting, or the refusal, has been read."""
    client = socket.socket()
    client.settimeout(wait)
    client.bind((f"10.1.{number // PER_ADDRESS // 250}.{number // PER_ADDRESS % 250 + 2}", 0))
    client.connect(("127.0.0.1", port))
    return client, client.recv(1000)


class Counted(list):
    """Its length can be read from outside."""

    def __init__(self, length):
        self._length = length

    def append(self, item):
        super().append(item)
        self._length.value += 1


def hold(port, sessions, held, *commands):
    """Opens so many sessions and says the same in each, reply by reply; those that were refused are left out."""
    for number in range(sessions):
        client = None
        with contextlib.suppress(OSError):
            client, greeting = connect(port, number, 2)
            for command in commands if greeting.startswith(b"220") else ():
                client.sendall(command)
                client.recv(1000)
            if greeting.startswith(b"220"):
                held.append(client)


def idle(port, done, ready):
    """9,900 sessions that say EHLO and no more."""
    sessions = Counted(done)
    hold(port, 9900, sessions, b"EHLO stranger.example\r\n")
    ready.set()
    time.sleep(3600)


def slow(port, done, ready):
    """2,000 sessions within their content, of which each sends a byte every five seconds."""
    sessions = Counted(done)
    hold(port, 2000, sessions, *UP_TO_CONTENT)
    ready.set()
    while sessions:
        for client in sessions:
            with contextlib.suppress(OSError):
                client.send(b"x")
            time.sleep(5 / len(sessions))


def large(port, done, ready):
    """100 sessions that send 25 MB each and never end them."""
    sessions = []
    hold(port, 100, sessions, *UP_TO_CONTENT)
    ready.set()
    line, left = b"x" * 76 + b"\r\n", dict.fromkeys(sessions, MESSAGE)
    for client in sessions:
        client.setblocking(False)
    while left:
        for client in select.select([], list(left), [])[1]:
            try:
                sent = client.send(line * 1000)
            except OSError:
                sent = MESSAGE
            done.value += min(sent, left[client])
            left[client] -= sent
            if left[client] <= 0:
                del left[client]
    time.sleep(3600)


def connects(port, done, ready):
    """One address that connects, reads what it is told, and leaves, as fast as it can."""
    ready.set()
    while True:
        with contextlib.suppress(OSError):
            client, _ = connect(port, 0)
            client.close()
        done.value += 1


def repeated(port, done, ready, command, count):
    """50 sessions that pipeline one command; whoever is shown out comes again."""
    ready.set()
    sessions = {}
    while True:
        for number in range(50):
            client = sessions.get(number)
            try:
                if client is None:
                    client, _ = connect(port, number * PER_ADDRESS, 2)
                    sessions[number] = client
                    client.sendall(b"EHLO stranger.example\r\nMAIL FROM:<s@stranger.example>\r\n")
                    client.setblocking(False)
                client.send(command * count)
                replies = client.recv(65536)
                done.value += replies.count(b"\n")
                if not replies:
                    raise ConnectionResetError
            except BlockingIOError:
                continue
            except OSError:
                if client is not None:
                    client.close()
                sessions.pop(number, None)


def commands(port, done, ready):
    """50 sessions that say NOOP without end."""
    repeated(port, done, ready, b"NOOP\r\n", 20)


def harvest(port, done, ready):
    """50 sessions that try recipients whom nobody knows."""
    repeated(port, done, ready, b"RCPT TO:<nobody-has-this@example.org>\r\n", 5)


def unread(port, done, ready):
    """500 sessions that pipeline NOOP and never read a reply."""
    sessions = Counted(done)
    hold(port, 500, sessions, b"EHLO stranger.example\r\n")
    ready.set()
    for client in sessions:
        client.setblocking(False)
    while True:
        for client in sessions:
            with contextlib.suppress(OSError):
                client.send(b"NOOP\r\n" * 1000)
        time.sleep(0.01)


# Those that are counted by what is held, not by what is done.
HELD = ("idle", "unread", "slow")
FLOODS = {flood.__name__: flood for flood in (idle, connects, commands, harvest, unread, slow, large)}


@contextlib.contextmanager
def flooding(name, port):
    """Lets a flood run and yields what it has done so far: sessions held, connections made, replies read, or bytes sent."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    done, ready = multiprocessing.Value("q", 0), multiprocessing.Event()
    process = multiprocessing.Process(target=FLOODS[name], args=(port, done, ready), daemon=True)
    process.start()
    # A server without room for all of them is not waited for.
    ready.wait(60)
    try:
        yield done
    finally:
        process.kill()
        process.join()
