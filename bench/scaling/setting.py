"""What the parts share: a server in a folder of its own, traffic through it, a queue that was filled beforehand."""
import contextlib
import os
import shutil
import subprocess
import tempfile
import time

from servers import Postern, Postfix, Sink

PATIENCE = 600

# Where the filled queue's messages go: nobody listens there.
DEAD = '"*.dead.example" = "127.0.0.1:1"\n'


@contextlib.contextmanager
def sink():
    taker = Sink()
    try:
        yield taker
    finally:
        taker.stop()


@contextlib.contextmanager
def server(kind, options, taker, queue=None):
    folder = tempfile.mkdtemp(prefix="bench-", dir=options.work)
    os.chmod(folder, 0o755)
    if kind is Postern:
        running = Postern(folder, options.bin, taker.port, DEAD)
    else:
        running = Postfix(folder, taker.port)
    try:
        if queue:
            running.stop()
            install(queue, running.log)
            running.start()
            settle(running)
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def filled(options, messages, recipients=1, size=1024, ready=False):
    """A folder as postern-queue leaves it, with so many messages; None for none."""
    if messages == 0:
        yield None
        return
    folder = tempfile.mkdtemp(prefix="queue-", dir=options.work)
    try:
        subprocess.run([options.fill, f"{folder}/queue", *map(str, (messages, size, recipients)), *(["ready"] if ready else [])], check=True)
        yield f"{folder}/queue"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def install(queue, place):
    """Takes the place of a stopped server's own queue, with its owner; only once, since the server goes on in it."""
    owner = os.stat(place)
    shutil.rmtree(place)
    os.rename(queue, place)
    for path in [place, *(entry.path for entry in os.scandir(place))]:
        os.chown(path, owner.st_uid, owner.st_gid)
        # Else the server would have to wait for what it did not write.
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    os.chmod(place, 0o700)


def settle(running):
    """Waits until the queue has nothing of its own to do: its checkpoint is written, what can be freed is freed."""
    pid, quiet, before = running.programs()["queue"], 0, -1.0
    deadline = time.monotonic() + PATIENCE
    while quiet < 4:
        now = running.cpu_seconds(pid)
        quiet = quiet + 1 if now - before < 0.05 else 0
        before = now
        if time.monotonic() > deadline:
            raise SystemExit("the queue does not come to rest")
        time.sleep(1)


def relay(running, taker, count, sessions=20, length=4096):
    """Sends over connections that stay; accepted/s, relayed/s, and CPU µs per message, of all and of the queue alone."""
    ours = isinstance(running, Postern)
    queue = running.programs()["queue"] if ours else 0
    cpu = (running.cpu_seconds(), running.cpu_seconds(queue)) if ours else (0, 0)
    before, started = taker.taken, time.monotonic()
    subprocess.run(
        ["smtp-source", "-d", "-s", str(sessions), "-l", str(length), "-m", str(count),
         "-f", "alice@example.org", "-t", "x@elsewhere.example", f"127.0.0.1:{running.port}"],
        check=True, capture_output=True,
    )
    accepted = time.monotonic() - started
    deadline = time.monotonic() + PATIENCE
    while taker.taken < before + count:
        if time.monotonic() > deadline:
            raise SystemExit(f"{running.name}: {taker.taken - before} of {count} came")
        time.sleep(0.005)
    relayed = time.monotonic() - started
    spent = [(now - then) / count * 1e6 for now, then in zip((running.cpu_seconds(), running.cpu_seconds(queue)), cpu)] if ours else [0, 0]
    return {"accepted": count / accepted, "relayed": count / relayed, "cpu": spent[0], "queue-cpu": spent[1]}


def memory_of(pid):
    """Proportional and resident set and the peak of the latter, in MiB."""
    found = {}
    for name in ("smaps_rollup", "status"):
        with open(f"/proc/{pid}/{name}", encoding="ascii") as file:
            found.update({fields[0]: int(fields[1]) / 1024 for fields in map(str.split, file) if len(fields) == 3 and fields[2] == "kB"})
    return found["Pss:"], found["VmRSS:"], found["VmHWM:"]
