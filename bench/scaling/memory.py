"""What one very large message and many idle sessions cost in memory."""
import contextlib
import socket
import subprocess
import threading
import time

from servers import Postern

from setting import server, sink
from tables import table

LARGE = 50_000_000


def measure(options):
    idle_sessions = 500 if options.quick else 5000
    with sink() as taker, server(Postern, options, taker) as postern:
        time.sleep(2)
        idle = postern.memory_mib()
        peak = during(lambda: large(postern, taker), postern) - idle
        time.sleep(2)
        each = sessions(postern, idle_sessions)
    table(("", "", "floor", "goal"), [
        ("all programs idle, MiB", f"{idle:.1f}", "80", "40"),
        ("one message of 50 MB, MiB above idle", f"{peak:.1f}", "16", "8"),
        ("an idle session, bytes of all programs", f"{each[0]:,.0f}", "", ""),
        ("an idle session, bytes of the kernel", f"{each[1]:,.0f}", "", ""),
        ("idle sessions per GiB", f"{(1 << 30) / max(1, sum(each)):,.0f}", "50,000", "100,000"),
    ])


def large(postern, taker):
    before = taker.taken
    subprocess.run(["smtp-source", "-l", str(LARGE), "-f", "alice@example.org", "-t", "x@elsewhere.example", f"127.0.0.1:{postern.port}"], check=True)
    while taker.taken == before:
        time.sleep(0.01)


def during(act, postern):
    """The largest sum of proportional sets that was seen meanwhile."""
    seen, over = [0.0], threading.Event()

    def watch():
        while not over.is_set():
            seen[0] = max(seen[0], postern.memory_mib())

    watcher = threading.Thread(target=watch)
    watcher.start()
    act()
    over.set()
    watcher.join()
    return seen[0]


def sessions(postern, count):
    """Bytes per idle session, of the programs and of the kernel; half of the kernel's is the client's end."""
    before, kernel = postern.memory_mib(), kernel_bytes()
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", postern.port)))
            client.recv(1000)
            client.sendall(b"EHLO client.example\r\n")
            client.recv(1000)
        time.sleep(2)
        return ((postern.memory_mib() - before) * (1 << 20) / count, (kernel_bytes() - kernel) / 2 / count)


def kernel_bytes():
    with open("/proc/meminfo", encoding="ascii") as file:
        return sum(int(line.split()[1]) * 1024 for line in file if line.startswith("Slab:"))
