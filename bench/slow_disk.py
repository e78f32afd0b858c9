"""Accepted/s on a disk as it is and on the same disk with slower flushes, of Postern and Postfix in alternation."""
import argparse
import contextlib
import os
import shutil
import statistics
import subprocess
import tempfile

from latency import await_sink, load, maximum, running
from servers import Postern, Postfix, Sink

SESSIONS = 200
# More than the four segments of 64 MiB that Postern keeps for their next use, and the one that is written.
RUN_IN_MESSAGES, RUN_IN_LENGTH = 80, 5_000_000
DISK_SIZE = "2G"


@contextlib.contextmanager
def disk(program, delay):
    """An ext4 in a file whose flushes pass through eng/disk/test-disk.c; yields the folder where it is mounted."""
    folder = tempfile.mkdtemp(prefix="bench-disk-")
    image, device, mounted = (f"{folder}/{name}" for name in ("image", "disk", "mounted"))
    with contextlib.ExitStack() as undo:
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        subprocess.run(["truncate", "-s", DISK_SIZE, image], check=True)
        subprocess.run(["mkfs.ext4", "-q", image], check=True)
        open(device, "wb").close()
        process = subprocess.Popen([program, "--delay", str(delay), "--sync", image, device], stdout=subprocess.PIPE, text=True)
        undo.callback(process.wait)
        if process.stdout.readline().strip() != "ready":
            raise SystemExit("the slow disk did not start")
        undo.callback(subprocess.run, ["umount", device])
        loop = subprocess.run(["losetup", "--find", "--show", device], check=True, capture_output=True, text=True).stdout.strip()
        undo.callback(subprocess.run, ["losetup", "--detach", loop])
        os.mkdir(mounted)
        subprocess.run(["mount", loop, mounted], check=True)
        undo.callback(subprocess.run, ["umount", mounted])
        os.chmod(folder, 0o755)
        os.chmod(mounted, 0o755)
        yield mounted


def run_in(options, server, sink):
    """
    Lets a server become one that has been running for a while: Postern writes its segments again and again, and only the first time
    does a flush have to write the file system's journal as well.
    """
    before = sink.taken
    load(options, server.port, 0, RUN_IN_MESSAGES, "-l", str(RUN_IN_LENGTH))
    await_sink(sink, before + RUN_IN_MESSAGES)


def main():
    parser = argparse.ArgumentParser(prog="bench/slow-disk", description="Postern and Postfix on a slow disk")
    for name in ("--bin", "--load", "--disk"):
        parser.add_argument(name, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--pairs", type=int, default=3, help="of runs, Postern and Postfix in alternation (%(default)s)")
    parser.add_argument("--delay", type=int, default=5, help="milliseconds that each flush takes longer (%(default)s)")
    parser.add_argument("--messages", type=int, default=30000, help="Postfix gets a fifth of them (%(default)s)")
    options = parser.parse_args()
    sink = Sink()
    starts = {
        "Postern": lambda folder: Postern(folder, options.bin, sink.port),
        "Postfix": lambda folder: Postfix(folder, sink.port),
    }
    shares = {name: [] for name in starts}
    try:
        for pair in range(options.pairs):
            for name in sorted(starts, reverse=pair % 2 == 1):
                rates = []
                for delay in (0, options.delay):
                    with disk(options.disk, delay) as folder, running(starts[name], folder) as server:
                        messages = options.messages if name == "Postern" else options.messages // 5
                        run_in(options, server, sink)
                        rates.append(maximum(options, server, sink, messages, SESSIONS))
                shares[name].append(rates[1] / rates[0])
                print(f"{name}: {rates[0]:,.0f}/s, with {options.delay} ms more for each flush {rates[1]:,.0f}/s", flush=True)
    finally:
        sink.stop()
    print(f"\nmedian share that is left, {SESSIONS} sessions: " + ", ".join(f"{name} {statistics.median(shares[name]):.2f}" for name in starts))
    print("meant: more than 0.50 for Postern")


if __name__ == "__main__":
    main()
